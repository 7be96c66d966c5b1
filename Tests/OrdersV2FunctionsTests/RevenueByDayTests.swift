import EventSourcing
import Testing

@testable import OrdersV2Functions

@Suite struct RevenueByDayTests {
    private func paid(_ amount: String, at: String) throws -> StoredEvent {
        var event = try StoredEvent.stored(OrderPaid(amount: try #require(Amount(amount))), in: "o-17", version: 2)
        event.at = at
        return event
    }

    @Test func `payments add up by day`() throws {
        let stream = OrderStream(events: [
            try paid("19.90", at: "2025-11-24T00:00:00.000000Z"),
            try paid("0.105", at: "2025-11-24T23:59:59.999999Z"),
            try paid("5", at: "2025-11-25T00:00:00.000000Z"),
        ])
        #expect(
            try stream.documents(RevenueByDay.self) == [
                "2025-11-24": RevenueByDay.Document(day: "2025-11-24", orders: 2, revenue: try #require(Amount("20.005"))),
                "2025-11-25": RevenueByDay.Document(day: "2025-11-25", orders: 1, revenue: try #require(Amount("5.00"))),
            ])
    }

    @Test func `only payments count, and a cancellation takes nothing off`() throws {
        var order = OrderStream()
        _ = try order.run(place())
        #expect(try order.documents(RevenueByDay.self).isEmpty)
        _ = try order.run(pay())
        _ = try order.run(cancel())
        #expect(try order.documents(RevenueByDay.self).values.map(\.revenue.text) == ["20.00"])
    }
}
