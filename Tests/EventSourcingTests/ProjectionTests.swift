import EventSourcing
import Testing

private enum Counts: Projection {
    struct Document: Codable, Sendable {
        var count: Int
    }
    static func documentIDs(for event: StoredEvent) -> [String] { [event.aggregateId] }
    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) {
        document = event.type == "Removed" ? nil : Document(count: (document?.count ?? 0) + 1)
    }
}

private enum Texts: Projection {
    static func documentIDs(for event: StoredEvent) -> [String] { ["all"] }
    static func apply(_ event: StoredEvent, to document: inout String?, id: String) { document = "text" }
}

/// A document with the id that the event's data is.
private enum Named: Projection {
    struct Document: Codable, Sendable {}
    static func documentIDs(for event: StoredEvent) -> [String] { [event.data] }
    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) { document = Document() }
}

private enum Twice: Projection {
    struct Document: Codable, Sendable {}
    static func documentIDs(for event: StoredEvent) -> [String] { [event.aggregateId, "all", event.aggregateId] }
    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) { document = Document() }
}

@Suite struct ProjectionTests {
    private let counts = AnyProjection(Counts.self)

    @Test func `a document begins, changes and ends`() throws {
        let first = try counts.apply(.sample(), nil, "o-17")
        #expect(first == ["count": 1])
        #expect(try counts.apply(.sample(), first, "o-17") == ["count": 2])
        #expect(try counts.apply(.sample(type: "Removed"), first, "o-17") == nil)
    }

    @Test func `a projection's name is its type's`() throws {
        #expect(counts.name == "Counts")
        #expect(try counts.documentIDs(.sample()) == ["o-17"])
    }

    @Test func `fields that are no such document are an error`() {
        #expect(throws: (any Error).self) { try counts.apply(.sample(), ["count": "many"], "o-17") }
    }

    @Test func `two spellings of one text are one document's id`() throws {
        let named = AnyProjection(Named.self)
        for data in ["caf\u{E9}", "cafe\u{301}"] {
            var event = StoredEvent.sample()
            event.data = data
            #expect(try named.documentIDs(event).map { Array($0.utf8) } == [Array("caf\u{E9}".utf8)])
        }
    }

    @Test func `a document that is named twice is touched once`() throws {
        let twice = AnyProjection(Twice.self)
        #expect(try twice.documentIDs(.sample()) == ["o-17", "all"])
    }

    @Test(arguments: [0, 2_049]) func `an id that no table takes is an error`(size: Int) {
        var event = StoredEvent.sample()
        event.data = String(repeating: "x", count: size)
        #expect(throws: UnusableDocumentID(projection: "Named", size: size)) { try AnyProjection(Named.self).documentIDs(event) }
    }

    @Test func `a document that is no object is an error`() {
        #expect(throws: DocumentNotAnObject.self) { try AnyProjection(Texts.self).apply(.sample(), nil, "all") }
    }
}
