import EventSourcing
import Foundation
import Testing

private struct Placed: EventPayload, Hashable {
    static let schema = 3
    var quantity: Int
    var currency: String
}

private struct Submitted: EventPayload, Hashable { var note: String? }

/// Upcasts and downcasts on read, which need no copy.
@Suite struct ReadingTests {
    private let types = EventTypes(
        [Placed.self, Submitted.self],
        reading: [
            .upcast("Placed", from: 1, to: 2, [.rename("qty", to: "quantity")]),
            .upcast("Placed", from: 2, to: 3, [.add("currency", "EUR")]),
            .upcast("Placed", from: 3, to: 4, [.rename("currency", to: "money.currency")]),
            .renameEvent("Noted", to: "Submitted"),
        ])

    private func read(_ line: String) throws -> any EventPayload { try types.decode(StoredEvent.stream("o-17", [line])[0]) }

    @Test func `an older event is upcast through every version to the one that is known`() throws {
        let types = EventTypes(
            [Placed.self],
            reading: [
                .upcast("Placed", from: 1, to: 2, [.rename("qty", to: "quantity")]),
                .upcast("Placed", from: 2, to: 3, [.add("currency", "EUR")]),
            ])
        func read(_ line: String) throws -> Placed? { try types.decode(StoredEvent.stream("o-17", [line])[0]) as? Placed }
        #expect(try read(#"Placed {"qty":2}"#) == Placed(quantity: 2, currency: "EUR"))
        #expect(try read(#"Placed@2 {"quantity":2}"#) == Placed(quantity: 2, currency: "EUR"))
        #expect(try read(#"Placed@3 {"quantity":2,"currency":"CHF"}"#) == Placed(quantity: 2, currency: "CHF"))
    }

    @Test func `a newer event is downcast to the version that is known`() throws {
        #expect(try read(#"Placed@4 {"quantity":2,"money":{"currency":"CHF"}}"#) as? Placed == Placed(quantity: 2, currency: "CHF"))
    }

    @Test func `an event of an older name is read as the newer one`() throws {
        #expect(try read(#"Noted {"note":"n"}"#) as? Submitted == Submitted(note: "n"))
    }

    @Test func `an event that no rule leads to what is known is unreadable`() {
        #expect(throws: UnreadableEvent.self) { try read("Unheard") }
        #expect(throws: UnreadableEvent.self) { try read(#"Placed {"nothing":1}"#) }
    }

    @Test func `an older event stops at the version that is known, though rules lead further`() throws {
        #expect(try read(#"Placed {"qty":2}"#) as? Placed == Placed(quantity: 2, currency: "EUR"))
    }

    @Test func `an event that a rule for reading would split needs a transform`() {
        let types = EventTypes([Submitted.self], reading: [.splitEvent("Old", into: ["Submitted", "Submitted"]) { [$0, $0] }])
        let error = #expect(throws: UnreadableEvent.self) { try types.decode(.sample(type: "Old")) }
        #expect(error?.reason.contains("needs a transform") == true)
    }

    @Test func `a newer schema that no rule knows is read as far as it fits`() throws {
        let types = EventTypes([Submitted.self])
        #expect(try types.decode(StoredEvent.stream("o", [#"Submitted@9 {"note":"n","more":1}"#])[0]) as? Submitted == Submitted(note: "n"))
    }
}

private struct Everything: EventPayload {
    enum Color: String, Codable, CaseIterable { case red, green }
    struct Line: Codable { var sku: String, price: Amount, gift: Bool? }
    var id: UUID
    var lines: [Line]
    var note: String?
    var count: Int64
    var color: Color
    var labels: [String: Int]
    var customer: Customer
    var extra: Value?
    struct Customer: Codable { var name: String }
}

private struct Picky: EventPayload {
    init() {}
    init(from decoder: any Decoder) throws { throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no")) }
    func encode(to encoder: any Encoder) throws {}
}

@Suite struct PayloadFieldsTests {
    @Test func `a payload's fields are told by what its decoder asks for`() {
        typealias Field = PayloadFields.Field
        #expect(
            PayloadFields.of(Placed.self) == [
                "quantity": Field(kind: .number, isOptional: false), "currency": Field(kind: .text, isOptional: false),
            ])
        #expect(PayloadFields.of(Submitted.self) == ["note": Field(kind: .text, isOptional: true)])
    }

    @Test func `lists, choices, nested and optional fields are told as well`() {
        typealias Field = PayloadFields.Field
        let fields = PayloadFields.of(Everything.self)
        // No one text is both an id and an amount.
        #expect(fields == nil)
        #expect(
            PayloadFields.of(Basket.self) == [
                "lines[].sku": Field(kind: .text, isOptional: false), "lines[].price": Field(kind: .text, isOptional: false),
                "lines[].gift": Field(kind: .boolean, isOptional: true),
                "color": Field(kind: .text, isOptional: false, cases: ["green", "red"]),
                "labels": Field(kind: .map, isOptional: false), "customer.name": Field(kind: .text, isOptional: false),
                "extra": Field(kind: .any, isOptional: true),
            ])
    }

    @Test func `a choice tells its raw values, unless it takes others or has too many`() {
        let fields = PayloadFields.of(Choices.self)
        #expect(fields?["sizes[]"] == PayloadFields.Field(kind: .number, isOptional: false, cases: ["0", "1", "10"]))
        #expect(fields?["mood"] == PayloadFields.Field(kind: .text, isOptional: true, cases: nil))
        #expect(fields?["page"] == PayloadFields.Field(kind: .number, isOptional: false, cases: nil))
    }

    private struct Choices: EventPayload {
        enum Size: Int, Codable, CaseIterable { case small, large, huge = 10 }

        enum Mood: String, Codable, CaseIterable {
            case good, other

            init(from decoder: any Decoder) throws {
                self = Mood(rawValue: try decoder.singleValueContainer().decode(String.self)) ?? .other
            }
        }

        struct Page: RawRepresentable, Codable, CaseIterable {
            static let allCases = (0...PayloadFields.Field.mostCases).map { Page(rawValue: $0) }
            var rawValue: Int
        }

        var sizes: [Size]
        var mood: Mood?
        var page: Page
    }

    @Test func `of a type that decodes nothing that is tried no fields are told`() { #expect(PayloadFields.of(Picky.self) == nil) }

    private struct Basket: EventPayload {
        var lines: [Everything.Line]
        var color: Everything.Color
        var labels: [String: Int]
        var customer: Everything.Customer
        var extra: Value?
    }
}
