import EventSourcing
import Testing

@testable import OrdersV2Functions

@Suite struct OrderSummaryTests {
    @Test func `the summary follows the order`() throws {
        var order = OrderStream()
        _ = try order.run(place())
        var expected = OrderSummary.Document(
            orderId: "o-17", status: .placed, customerName: "Ann Lee", customerEmail: "ann@shop.example",
            lines: try place().submitted.lines, total: try #require(Amount("20.00")), version: 1,
            placedAt: "2025-11-24T10:00:01.000000Z", updatedAt: "2025-11-24T10:00:01.000000Z")
        #expect(try order.documents(OrderSummary.self) == ["o-17": expected])
        _ = try order.run(pay())
        (expected.status, expected.version, expected.updatedAt) = (.paid, 2, "2025-11-24T10:00:02.000000Z")
        #expect(try order.documents(OrderSummary.self) == ["o-17": expected])
        var cancelled = order
        _ = try cancelled.run(cancel())
        (expected.status, expected.version, expected.updatedAt) = (.cancelled, 3, "2025-11-24T10:00:03.000000Z")
        #expect(try cancelled.documents(OrderSummary.self) == ["o-17": expected])
        _ = try order.run(ship())
        expected.status = .shipped
        #expect(try order.documents(OrderSummary.self) == ["o-17": expected])
    }

    @Test func `the fields are stored as they are served`() throws {
        var order = OrderStream()
        _ = try order.run(place())
        let fields = try AnyProjection(OrderSummary.self).apply(order.events[0], nil, "o-17")
        #expect(
            try StableJSON.encode(Value.object(fields ?? [:])) == """
                {"customerEmail":"ann@shop.example","customerName":"Ann Lee","lines":[{"quantity":2,"sku":"tea","unitPrice":"4.95"},\
                {"quantity":1,"sku":"pot","unitPrice":"10.10"}],"orderId":"o-17","placedAt":"2025-11-24T10:00:01.000000Z","status":"placed",\
                "total":"20.00","updatedAt":"2025-11-24T10:00:01.000000Z","version":1}
                """)
    }

    @Test func `an order that was never placed, or a type never heard of, is an error`() throws {
        var document: OrderSummary.Document?
        let paid = try StoredEvent.stored(OrderPaid(amount: .zero), in: "o-17", version: 1)
        #expect(throws: UnreadableEvent.self) { try OrderSummary.apply(paid, to: &document, id: "o-17") }
        var odd = paid
        odd.type = "OrderSold"
        #expect(throws: UnreadableEvent.self) { try OrderSummary.apply(odd, to: &document, id: "o-17") }
    }
}
