import EventSourcing

/// One document a stream, as an order's summary is.
enum StreamTotals: Projection {
    struct Document: Codable, Sendable {
        var events: Int
        var total: String
        var email: String
        var name: String
        var updatedAt: String
    }

    private struct Happened: EventPayload {
        struct Customer: Codable, Sendable {
            var email: String
            var name: String
        }
        var amount: String
        var customer: Customer
    }

    static func documentIDs(for event: StoredEvent) -> [String] { [event.aggregateId] }

    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) throws {
        let data = try event.payload(as: Happened.self)
        document = Document(
            events: (document?.events ?? 0) + 1, total: data.amount, email: data.customer.email, name: data.customer.name,
            updatedAt: event.at)
    }
}

/// One document of all streams.
enum OneTotal: Projection {
    struct Document: Codable, Sendable {
        var events: Int
    }

    static func documentIDs(for event: StoredEvent) -> [String] { ["all"] }

    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) {
        document = Document(events: (document?.events ?? 0) + 1)
    }
}

/// The same in 16 parts.
enum TotalInParts: PartitionedProjection {
    typealias Document = OneTotal.Document
    static let parts = 16

    static func documentIDs(for event: StoredEvent) -> [String] { ["all"] }

    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) { OneTotal.apply(event, to: &document, id: id) }

    static func merged(_ one: Document, _ other: Document) -> Document { Document(events: one.events + other.events) }
}
