import EventSourcing

/// Mails the customer when an order was placed and when it was shipped.
enum ConfirmationMailer: Reactor {
    static func effects(of event: StoredEvent) throws -> [Effect] {
        switch try OrderEvents.types.decode(event) {
        case let placed as OrderPlaced:
            [.email(.received(event.aggregateId, placed))]
        case let shipped as OrderShipped:
            [.email(.shipped(event.aggregateId, shipped))]
        default:
            []
        }
    }
}

extension Email {
    fileprivate static func received(_ orderId: String, _ placed: OrderPlaced) -> Email {
        let lines = placed.lines.map { "  \($0.quantity) x \($0.sku) at \($0.unitPrice.text)" }.joined(separator: "\n")
        return Email(
            to: placed.customer.email,
            subject: "Order \(orderId) received",
            body: """
                Dear \(placed.customer.name),

                we have received your order \(orderId):

                \(lines)

                Total: \(placed.total.text)

                """
        )
    }

    fileprivate static func shipped(_ orderId: String, _ shipped: OrderShipped) -> Email {
        Email(
            to: shipped.email,
            subject: "Order \(orderId) shipped",
            body: """
                Your order \(orderId) is on its way with \(shipped.carrier).

                """
        )
    }
}
