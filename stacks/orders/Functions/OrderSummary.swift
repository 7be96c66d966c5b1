import EventSourcing

/// Read model `order-summary`: one document for each order.
enum OrderSummary: Projection {
    struct Document: Codable, Hashable, Sendable {
        enum Status: String, Codable, Sendable {
            case placed, paid, shipped, cancelled
        }

        var orderId: String
        var status: Status
        var customerName: String
        var customerEmail: String
        var lines: [OrderLine]
        var total: Amount
        /// The version of the order's last event.
        var version: Int
        var placedAt: String
        var updatedAt: String
    }

    static func documentIDs(for event: StoredEvent) -> [String] { [event.aggregateId] }

    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) throws {
        switch try OrderEvents.types.decode(event) {
        case let placed as OrderPlaced:
            document = Document(
                orderId: id, status: .placed, customerName: placed.customer.name, customerEmail: placed.customer.email,
                lines: placed.lines, total: placed.total, version: event.version, placedAt: event.at, updatedAt: event.at)
        case is OrderPaid:
            document = try become(.paid, by: event, document)
        case is OrderShipped:
            document = try become(.shipped, by: event, document)
        case is OrderCancelled:
            document = try become(.cancelled, by: event, document)
        default:
            break
        }
    }

    private static func become(_ status: Document.Status, by event: StoredEvent, _ document: Document?) throws -> Document {
        guard var document else {
            throw UnreadableEvent(position: event.position, type: event.type, reason: "no event before it placed the order")
        }
        document.status = status
        document.version = event.version
        document.updatedAt = event.at
        return document
    }
}
