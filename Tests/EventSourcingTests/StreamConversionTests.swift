import EventSourcing
import Testing

/// The rows of the catalogue that change the store's streams.
@Suite struct StreamConversionTests {
    @Test func `add a stream`() throws {
        let conversion = RuleSample([
            .addStream("InvoiceOpened", after: "OrderPlaced", in: { "invoice-\($0.aggregateId)" }) { ["amount": $0["total"] ?? .null] }
        ])
        let copies = try conversion.copies([#"OrderPlaced {"total":20}"#, "OrderPaid"])
        #expect(copies.map(\.line) == [#"OrderPlaced {"total":20}"#, #"invoice-o-17: InvoiceOpened {"amount":20}"#, "OrderPaid"])
        #expect(copies.map(\.version) == [1, 1, 2])
        #expect(conversion.rules.forward.layout == .moving)
        #expect(try conversion.wayBack(#"OrderPlaced {"total":20}"#, "OrderPaid") == (2, [:]))
    }

    @Test func `rename a stream`() throws {
        let conversion = RuleSample([.renameStream(by: { "order-\($0.dropFirst(2))" }, back: { "o-\($0.dropFirst(6))" })])
        let copies = try conversion.copies(["OrderPlaced", "OrderPaid"])
        #expect(copies.map(\.line) == ["order-17: OrderPlaced", "order-17: OrderPaid"])
        #expect(copies.map(\.version) == [1, 2])
        #expect(copies.map(\.source) == ["o-17@1", "o-17@2"])
        #expect(try conversion.wayBack("OrderPlaced", "OrderPaid") == (2, [:]))
        #expect(conversion.rules.reverse?.layout == .merging)
    }

    @Test func `delete a stream`() throws {
        let conversion = RuleSample([.deleteStream(where: { $0.hasPrefix("test-") })])
        #expect(try conversion.copies(["OrderPlaced"], of: "test-1").isEmpty)
        #expect(try conversion.after("OrderPlaced") == ["OrderPlaced"])
        #expect(conversion.rules.reverse == nil)
    }

    private static let byCustomer: Rules = [
        .mergeStreams(
            by: { "customer-\($0.aggregateId.split(separator: "/")[0])" },
            back: { try Value.parse($0.data)["account"]?.string ?? "?" })
    ]

    @Test func `merge streams`() throws {
        let conversion = RuleSample(Self.byCustomer)
        #expect(conversion.rules.forward.layout == .merging)
        var copy = StreamCopy(from: "r1")
        var copies: [StoredEvent] = []
        for event in StoredEvent.stream("ann/1", [#"Opened {"account":"ann/1"}"#, #"Paid {"account":"ann/1"}"#]) {
            try copy.convert(event, by: conversion.rules.forward, into: &copies)
        }
        #expect(copies.map(\.aggregateId) == ["customer-ann", "customer-ann"])
        #expect(copies.map(\.version) == [0, 0])
        #expect(copies.map(\.source) == ["ann/1@1", "ann/1@2"])
        #expect(try conversion.rules.forward.order(of: .sample(at: "2025-01-01T00:00:00.000000Z")) == "2025-01-01T00:00:00.000000Z")
        #expect(try conversion.wayBack(#"Opened {"account":"ann/1"}"#, of: "ann/1") == (1, [:]))
    }

    @Test func `split a stream`() throws {
        let conversion = RuleSample([
            .splitStream(
                by: { $0.type.hasPrefix("Payment") ? "payment-\($0.aggregateId)" : $0.aggregateId },
                back: { $0.aggregateId.hasPrefix("payment-") ? String($0.aggregateId.dropFirst(8)) : $0.aggregateId })
        ])
        let copies = try conversion.copies(["OrderPlaced", "PaymentAsked", "OrderShipped", "PaymentMade"])
        #expect(
            copies.map(\.line) == ["OrderPlaced", "payment-o-17: PaymentAsked", "OrderShipped", "payment-o-17: PaymentMade"])
        #expect(copies.map(\.version) == [1, 1, 2, 2])
        #expect(try conversion.wayBack("OrderPlaced", "PaymentAsked", "OrderShipped", "PaymentMade") == (4, [:]))
    }

    @Test func `move an event between streams`() throws {
        let conversion = RuleSample([
            .moveEvents(
                ["CustomerMoved"], to: { "customer-\(try Value.parse($0.data)["customer"]?.string ?? "")" }, orderedBy: { $0.at },
                back: { "o-\(try Value.parse($0.data)["order"]?.string ?? "")" })
        ])
        var copy = StreamCopy(from: "r1")
        var copies: [StoredEvent] = []
        for event in StoredEvent.stream("o-17", ["OrderPlaced", #"CustomerMoved {"customer":"ann","order":"17"}"#]) {
            try copy.convert(event, by: conversion.rules.forward, into: &copies)
        }
        #expect(copies.map(\.aggregateId) == ["o-17", "customer-ann"])
        #expect(try conversion.wayBack("OrderPlaced", #"CustomerMoved {"customer":"ann","order":"17"}"#) == (2, [:]))
    }

    @Test func `a target's id that no stream may have is an error`() {
        let error = #expect(throws: TransformFailed.self) { try RuleSample([.renameStream(by: { _ in "" })]).after("OrderPlaced") }
        #expect(error?.reason == "the id of its target stream '' is empty")
    }
}
