import AWS
import EventSourcing
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Streams that one consumer can't go on with, kept in the control table so that `status` sees them without a scan.
public struct Parking: Sendable {
    public let dynamo: any ItemStore
    public let stack: String
    public let release: String

    public init(dynamo: any ItemStore, stack: String, release: String) {
        self.dynamo = dynamo
        self.stack = stack
        self.release = release
    }

    public struct Entry: Sendable, Hashable, Codable {
        /// The release whose consumer it is.
        public var release: String
        /// `projector/<read model>`, `reactor/<name>` or `replica/<release>`.
        public var consumer: String
        public var aggregateId: String
        /// The event at which the stream stops; absent where it isn't known which.
        public var event: EventReference?
        public var error: String
        public var attempts: Int
        /// When it was parked first, and tried last.
        public var since: String
        public var at: String

        public init(
            release: String, consumer: String, aggregateId: String, event: EventReference?, error: String, attempts: Int, since: String,
            at: String
        ) {
            self.release = release
            self.consumer = consumer
            self.aggregateId = aggregateId
            self.event = event
            self.error = error
            self.attempts = attempts
            self.since = since
            self.at = at
        }

        /// `aggregateId@version` where the event is known, else the stream.
        public var position: String { event?.position ?? aggregateId }
    }

    private var prefix: String { "parked#\(release)#" }

    /// Where an entry is.
    public func key(_ consumer: String, _ aggregateId: String) -> Item {
        ["stack": .s(stack), "item": .s("\(prefix)\(consumer)#\(aggregateId)")]
    }

    static func text(_ error: any Error) -> String { String("\(error)".prefix(2_000)) }

    public func park(_ consumer: String, _ aggregateId: String, error: any StreamFault) async throws {
        try await park(consumer, aggregateId, error: Self.text(error), event: error.event)
    }

    /// Notes one more failed try. `since` stays that of the first one.
    public func park(_ consumer: String, _ aggregateId: String, error: String, event: EventReference?) async throws {
        var expression = "SET #consumer = :consumer, #aggregateId = :id, #error = :error, #at = :at, #since = if_not_exists(#since, :at)"
        var values: Item = [
            ":consumer": .s(consumer), ":id": .s(aggregateId), ":error": .s(String(error.prefix(2_000))),
            ":at": .s(Timestamp.format(dynamo.clock.now())), ":one": .int(1),
        ]
        if let event {
            expression += ", #version = :version, #eventId = :eventId, #type = :type"
            values[":version"] = .int(event.version)
            values[":eventId"] = .s(event.eventId)
            values[":type"] = .s(event.type)
        } else {
            expression += " REMOVE #version, #eventId, #type"
        }
        try await dynamo.write(.update(StackNames.control, key(consumer, aggregateId), expression + " ADD #attempts :one", values: values))
    }

    public func release(_ consumer: String, _ aggregateId: String) async throws {
        try await dynamo.write(.delete(StackNames.control, key(consumer, aggregateId)))
    }

    public func entries() async throws -> [Entry] {
        try await dynamo.queryAll(
            DynamoDB.QueryRequest(
                table: StackNames.control, keyCondition: "#stack = :stack AND begins_with(#item, :prefix)",
                values: [":stack": .s(stack), ":prefix": .s(prefix)])
        ).map(entry)
    }

    /// Removes every entry: the release is gone, and its consumers with it.
    public func clear() async throws {
        let entries = try await entries()
        try await dynamo.batchDelete(StackNames.control, keys: entries.map { key($0.consumer, $0.aggregateId) })
    }

    private func entry(_ item: Item) -> Entry {
        let aggregateId = item["aggregateId"]?.string ?? "?"
        var event: EventReference?
        if let version = item["version"]?.int {
            event = EventReference(
                aggregateId: aggregateId, version: version, eventId: item["eventId"]?.string ?? "?", type: item["type"]?.string ?? "?")
        }
        let at = item["at"]?.string ?? "?"
        return Entry(
            release: release, consumer: item["consumer"]?.string ?? "?", aggregateId: aggregateId, event: event,
            error: item["error"]?.string ?? "?", attempts: item["attempts"]?.int ?? 0, since: item["since"]?.string ?? at, at: at)
    }
}
