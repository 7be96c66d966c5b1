import EventSourcing

/// Who ordered.
struct Customer: Codable, Hashable, Sendable {
    var givenName: String
    /// Empty for people of one name.
    var familyName: String
    var email: String

    var name: String { CustomerName.join(given: givenName, family: familyName) }
}

/// One position of an order.
struct OrderLine: Codable, Hashable, Sendable {
    var sku: String
    var quantity: Int
    var unitPrice: Amount
}

struct OrderSubmitted: EventPayload, Hashable {
    static let schema = 2

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
    static let types = EventTypes([OrderSubmitted.self, OrderPaid.self, OrderShipped.self, OrderCancelled.self])
}
