import EventSourcing
import Testing

private func replacing(_ event: StoredEvent, _ data: String) -> Conversion {
    .replace(ConvertedEvent(type: event.type, schema: event.schema, data: data))
}

private enum OneWay: Transform {
    static func forward(_ event: StoredEvent) throws -> Conversion { .keep }
}

private enum Wrapping: ReversibleTransform {
    static func forward(_ event: StoredEvent) throws -> Conversion { replacing(event, "[" + event.data + "]") }
    static func reverse(_ event: StoredEvent) throws -> Conversion { replacing(event, String(event.data.dropFirst().dropLast())) }
}

private enum Losing: ReversibleTransform {
    static func forward(_ event: StoredEvent) throws -> Conversion { event.type == "Dropped" ? .drop : .keep }
    static func reverse(_ event: StoredEvent) throws -> Conversion {
        switch event.type {
        case "Failing": throw StreamGap(aggregateId: "", expected: 0, found: 0)
        // Looks the same and equals by String's ==, but has other bytes.
        case "Composed": replacing(event, "\"\u{E9}\"")
        default: .keep
        }
    }
}

@Suite struct TransformTests {
    @Test func `a transform without a way back proves nothing`() {
        #expect(AnyTransform(OneWay.self).reverse == nil)
        #expect(AnyTransform(OneWay.self).provesReversible(.sample()) == nil)
        #expect(AnyTransform(OneWay.self).name == "OneWay")
    }

    @Test func `a way back is proven event by event`() {
        #expect(AnyTransform(Wrapping.self).provesReversible(.sample()) == true)
        #expect(AnyTransform.identity.provesReversible(.sample()) == true)
        let losing = AnyTransform(Losing.self)
        #expect(losing.provesReversible(.sample(type: "Kept")) == true)
        #expect(losing.provesReversible(.sample(type: "Dropped")) == false)
        #expect(losing.provesReversible(.sample(type: "Failing")) == false)
    }

    @Test func `the way back must give the same bytes, not the same look`() {
        #expect(AnyTransform(Losing.self).provesReversible(.sample(type: "Composed", data: "\"e\u{301}\"")) == false)
        #expect(AnyTransform(Losing.self).provesReversible(.sample(type: "Composed", data: "\"\u{E9}\"")) == true)
    }
}
