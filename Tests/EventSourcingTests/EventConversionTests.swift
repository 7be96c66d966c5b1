import EventSourcing
import Testing

/// The rows of the catalogue that change events of a stream.
@Suite struct EventConversionTests {
    @Test func `add an event`() throws {
        let conversion = RuleSample([.addEvent("InvoiceRequested", after: "OrderPlaced") { ["amount": $0["total"] ?? .null] }])
        #expect(
            try conversion.after(#"OrderPlaced {"total":"20.00"}"#, "OrderPaid")
                == [#"OrderPlaced {"total":"20.00"}"#, #"InvoiceRequested {"amount":"20.00"}"#, "OrderPaid"])
        #expect(try conversion.wayBack(#"OrderPlaced {"total":"20.00"}"#, "OrderPaid") == (2, [:]))
    }

    @Test func `an added event has an id and a source of the one that led to it, and its origin`() throws {
        let copies = try RuleSample([
            .addEvent("B", after: "A") { _ in [:] }, .addEvent("C", after: "A") { _ in [:] },
        ]).copies(["A"])
        #expect(copies.map(\.type) == ["A", "C", "B"])
        #expect(copies.map(\.eventId) == ["e-1", EventID.part(1, of: "e-1"), EventID.part(2, of: "e-1")])
        #expect(copies.allSatisfy { $0.source == "o-17@1" && $0.origin == "r1" })
        #expect(copies.map(\.version) == [1, 2, 3])
    }

    @Test func `rename an event`() throws {
        let conversion = RuleSample([.renameEvent("OrderPlaced", to: "OrderSubmitted")])
        #expect(try conversion.after(#"OrderPlaced@3 {"qty":2}"#) == [#"OrderSubmitted@3 {"qty":2}"#])
        #expect(try conversion.wayBack(#"OrderPlaced@3 {"qty": 2}"#) == (1, [:]))
    }

    @Test func `change an event's type, schema and data at once`() throws {
        let conversion = RuleSample([
            .on("OrderPlaced", schema: 1, become: "OrderSubmitted", newSchema: 2, [.rename("qty", to: "quantity")])
        ])
        #expect(
            try conversion.after(#"OrderPlaced {"qty":2}"#, #"OrderPlaced@7 {"qty":2}"#)
                == [#"OrderSubmitted@2 {"quantity":2}"#, #"OrderPlaced@7 {"qty":2}"#])
        #expect(try conversion.wayBack(#"OrderPlaced {"qty":2}"#, #"OrderPlaced@7 {"qty":2}"#) == (2, [:]))
    }

    private struct Placed: EventPayload { var qty: Int }
    private struct Submitted: EventPayload {
        static let schema = 2
        var quantity: Int
    }

    @Test func `convert from one payload type to another`() throws {
        let conversion = RuleSample([
            .convert(Placed.self, to: Submitted.self, by: { Submitted(quantity: $0.qty) }, back: { Placed(qty: $0.quantity) })
        ])
        #expect(try conversion.after(#"Placed {"qty":2}"#) == [#"Submitted@2 {"quantity":2}"#])
        #expect(try conversion.wayBack(#"Placed {"qty":2}"#) == (1, [:]))
    }

    @Test func `become a payload type's name and schema`() throws {
        let conversion = RuleSample([.on("Placed", become: Submitted.self, [.rename("qty", to: "quantity")])])
        #expect(try conversion.after(#"Placed {"qty":2}"#) == [#"Submitted@2 {"quantity":2}"#])
    }

    @Test func `delete an event`() throws {
        let conversion = RuleSample([.deleteEvent("OrderViewed")])
        let copies = try conversion.copies(["OrderPlaced", "OrderViewed", "OrderPaid"])
        #expect(copies.map(\.line) == ["OrderPlaced", "OrderPaid"])
        #expect(copies.map(\.version) == [1, 2])
        #expect(conversion.rules.reverse == nil)
    }

    private let placedAndPaid: Rules = [
        .mergeEvents(
            ["OrderPlaced", "OrderPaid"], into: "OrderBought", by: { ["placed": $0[0], "paid": $0[1]] },
            back: { [$0["placed"] ?? .null, $0["paid"] ?? .null] })
    ]

    @Test func `merge events`() throws {
        let conversion = RuleSample(placedAndPaid)
        let copies = try conversion.copies([#"OrderPlaced {"qty":2}"#, "OrderNoted", #"OrderPaid {"amount":20}"#])
        #expect(copies.map(\.line) == ["OrderNoted", #"OrderBought {"paid":{"amount":20},"placed":{"qty":2}}"#])
        #expect(copies.map(\.source) == ["o-17@2", "o-17@3"])
        #expect(copies.map(\.eventId) == ["e-2", "e-3"])
    }

    @Test func `merged events come back, unless another stood between them`() throws {
        let conversion = RuleSample(placedAndPaid)
        #expect(try conversion.wayBack(#"OrderPlaced {"qty":2}"#, #"OrderPaid {"amount":20}"#, "OrderShipped") == (3, [:]))
        let crossing = try conversion.wayBack(#"OrderPlaced {"qty":2}"#, "OrderNoted", #"OrderPaid {"amount":20}"#)
        #expect(crossing.proven < 3 && !crossing.unproven.isEmpty)
    }

    @Test func `of an event whose later part never came nothing comes back`() throws {
        #expect(try RuleSample(placedAndPaid).wayBack("OrderPlaced") == (0, ["OrderPlaced": 1]))
    }

    @Test func `a later part without the earlier one is an error`() {
        let error = #expect(throws: TransformFailed.self) { try RuleSample(placedAndPaid).after("OrderPaid") }
        #expect(error?.reason == "no 'OrderPlaced' came before it in its stream")
    }

    @Test func `split an event`() throws {
        let conversion = RuleSample([
            .splitEvent(
                "OrderBought", into: ["OrderPlaced", "OrderPaid"], by: { [$0["placed"] ?? .null, $0["paid"] ?? .null] },
                back: { ["placed": $0[0], "paid": $0[1]] })
        ])
        let copies = try conversion.copies([#"OrderBought {"paid":{"amount":20},"placed":{"qty":2}}"#, "OrderShipped"])
        #expect(copies.map(\.line) == [#"OrderPlaced {"qty":2}"#, #"OrderPaid {"amount":20}"#, "OrderShipped"])
        #expect(copies.map(\.version) == [1, 2, 3])
        #expect(copies.map(\.eventId) == ["e-1", EventID.part(1, of: "e-1"), "e-2"])
        #expect(try conversion.wayBack(#"OrderBought {"paid":{"amount":20},"placed":{"qty":2}}"#, "OrderShipped") == (2, [:]))
    }

    @Test func `an event that becomes more than a transaction holds is an error`() {
        let many = (0..<41).map { ConvertedEvent(type: "P\($0)", schema: 1, data: "{}") }
        var copy = StreamCopy(from: "r1")
        let error = #expect(throws: TransformFailed.self) { try copy.copy(.sample(), by: Mapping { _ in .split(many) }) }
        #expect(error?.reason == "it becomes 41 events, at most 40 are possible")
        #expect(copy == StreamCopy(from: "r1"))
    }

    @Test func `an event over 400 KB is an error that names its source`() {
        let conversion = RuleSample([.on("A", [.add("pad", .string(String(repeating: "x", count: 400_000)))])])
        let error = #expect(throws: TransformFailed.self) { try conversion.after("A") }
        #expect(error?.eventId == "e-1")
        #expect(error?.reason.contains("at most 400000 are possible") == true)
    }
}
