import EventSourcing

/// What commands need to know of an order.
enum Order: Aggregate {
    enum State: Sendable, Hashable {
        /// No such order. Followed by `placed`.
        case unknown
        /// Waiting for its payment. Followed by `paid` or `cancelled`.
        case placed(total: Amount, email: String)
        /// Waiting for its shipment. Followed by `shipped` or `cancelled`.
        case paid(email: String)
        case shipped
        case cancelled
    }

    static let initial = State.unknown
    static let events = OrderEvents.types

    static func evolve(_ state: State, _ event: any EventPayload) -> State {
        switch (state, event) {
        case (_, let submitted as OrderSubmitted): .placed(total: submitted.total, email: submitted.customer.email)
        case (.placed(_, let email), is OrderPaid): .paid(email: email)
        case (_, is OrderShipped): .shipped
        case (_, is OrderCancelled): .cancelled
        default: state
        }
    }
}

extension Order.State {
    /// The state in the words of a refusal.
    var summary: String {
        switch self {
        case .unknown: "unknown"
        case .placed: "placed and not paid"
        case .paid: "paid"
        case .shipped: "shipped"
        case .cancelled: "cancelled"
        }
    }
}

extension Decision {
    /// `event` happens to the order at `version`; the client gets the order's new version.
    static func accept(_ event: any EventPayload, status: Int, orderId: String, after version: Int) -> Decision {
        .accept([event], Answer(status, ["orderId": .string(orderId), "version": .number(.init(version + 1))]))
    }

    static func unknownOrder(_ orderId: String) -> Decision {
        .refuse(.error(404, "there is no order '\(orderId)'"))
    }

    static func conflict(_ orderId: String, is state: Order.State, needs: String) -> Decision {
        .refuse(.error(409, "order '\(orderId)' is \(state.summary): \(needs)"))
    }
}
