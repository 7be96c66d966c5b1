import EventSourcing

/// Read model `revenue-by-day`: the payments received on each day (UTC). A later cancellation takes nothing off.
enum RevenueByDay: Projection {
    struct Document: Codable, Hashable, Sendable {
        /// `2025-11-24`
        var day: String
        /// How many orders were paid.
        var orders: Int
        var revenue: Amount
    }

    static func documentIDs(for event: StoredEvent) -> [String] {
        event.type == OrderPaid.type ? [String(event.at.prefix(10))] : []
    }

    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) throws {
        let paid = try event.payload(as: OrderPaid.self)
        var day = document ?? Document(day: id, orders: 0, revenue: .zero)
        day.orders += 1
        day.revenue = day.revenue + paid.amount
        document = day
    }
}
