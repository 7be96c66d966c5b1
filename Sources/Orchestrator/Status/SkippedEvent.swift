import AWS
import EventSourcing
import EventStore

/// An event that a person let a consumer pass over: who, when and why. Part of the audit trail, `audit#<ulid>` of the control table.
public struct SkippedEvent: Sendable, Hashable, Codable {
    /// A ULID: sorts by time.
    public var id: String
    public var at: String
    /// `user@host`, and the AWS identity.
    public var by: String
    public var reason: String
    public var release: String
    public var consumer: String
    public var event: EventReference
    /// What the consumer said of it.
    public var error: String

    private static let kind = "skip"

    func item(_ stack: String) -> Item {
        [
            "stack": .s(stack), "item": .s("audit#\(id)"), "kind": .s(Self.kind), "at": .s(at), "by": .s(by), "reason": .s(reason),
            "release": .s(release), "consumer": .s(consumer), "aggregateId": .s(event.aggregateId), "version": .int(event.version),
            "eventId": .s(event.eventId), "type": .s(event.type), "error": .s(error),
        ]
    }

    private init?(_ item: Item) {
        guard item["kind"]?.string == Self.kind, let id = item["item"]?.string?.dropFirst("audit#".count),
            let aggregateId = item["aggregateId"]?.string, let version = item["version"]?.int
        else { return nil }
        func text(_ name: String) -> String { item[name]?.string ?? "?" }
        self.init(
            id: String(id), at: text("at"), by: text("by"), reason: text("reason"), release: text("release"), consumer: text("consumer"),
            event: EventReference(aggregateId: aggregateId, version: version, eventId: text("eventId"), type: text("type")),
            error: text("error"))
    }

    init(id: String, at: String, by: String, reason: String, release: String, consumer: String, event: EventReference, error: String) {
        self.id = id
        self.at = at
        self.by = by
        self.reason = reason
        self.release = release
        self.consumer = consumer
        self.event = event
        self.error = error
    }

    /// Every event of the stack that was ever passed over, oldest first.
    static func all(_ dynamo: any ItemStore, _ stack: String) async throws -> [SkippedEvent] {
        try await dynamo.controlItems(stack, "audit#").compactMap(SkippedEvent.init)
    }
}
