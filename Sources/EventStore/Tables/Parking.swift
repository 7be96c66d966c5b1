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
        /// `projector/<read model>`, `reactor/<name>` or `replica/<release>`.
        public var consumer: String
        public var aggregateId: String
        public var error: String
        public var attempts: Int
        public var at: String
    }

    private var prefix: String { "parked#\(release)#" }

    private func key(_ consumer: String, _ aggregateId: String) -> Item {
        ["stack": .s(stack), "item": .s("\(prefix)\(consumer)#\(aggregateId)")]
    }

    public func park(_ consumer: String, _ aggregateId: String, error: any Error) async throws {
        try await dynamo.write(
            .update(
                StackNames.control, key(consumer, aggregateId),
                "SET #consumer = :consumer, #aggregateId = :id, #error = :error, #at = :at ADD #attempts :one",
                values: [
                    ":consumer": .s(consumer), ":id": .s(aggregateId), ":error": .s(String("\(error)".prefix(2_000))),
                    ":at": .s(Timestamp.format(dynamo.clock.now())), ":one": .int(1),
                ]))
    }

    public func release(_ consumer: String, _ aggregateId: String) async throws {
        try await dynamo.write(.delete(StackNames.control, key(consumer, aggregateId)))
    }

    public func entries() async throws -> [Entry] {
        try await dynamo.queryAll(
            DynamoDB.QueryRequest(
                table: StackNames.control, keyCondition: "#stack = :stack AND begins_with(#item, :prefix)",
                values: [":stack": .s(stack), ":prefix": .s(prefix)])
        ).map { item in
            Entry(
                consumer: item["consumer"]?.string ?? "?", aggregateId: item["aggregateId"]?.string ?? "?",
                error: item["error"]?.string ?? "?", attempts: item["attempts"]?.int ?? 0, at: item["at"]?.string ?? "?")
        }
    }
}
