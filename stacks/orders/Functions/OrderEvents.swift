import EventSourcing

/// Who ordered.
struct Customer: Codable, Hashable, Sendable {
    var name: String
    var email: String
}

/// One position of an order.
struct OrderLine: Codable, Hashable, Sendable {
    var sku: String
    var quantity: Int
    var unitPrice: Amount
}

struct OrderPlaced: EventPayload, Hashable {
    var customer: Customer
    var lines: [OrderLine]
    var total: Amount
}

struct OrderPaid: EventPayload, Hashable {
    var amount: Amount
}

struct OrderShipped: EventPayload, Hashable {
    var carrier: String
    /// The customer's address, so that who reacts to this event needs no other.
    var email: String
}

struct OrderCancelled: EventPayload, Hashable {
    var reason: String
}

/// The types of event in an order's stream.
enum OrderEvents {
    static let types = EventTypes([OrderPlaced.self, OrderPaid.self, OrderShipped.self, OrderCancelled.self])
}
