import EventSourcing
import EventStore

/// What happened to a stack: its releases and handovers, oldest first.
public struct HistoryReport: Sendable, Hashable, Codable {
    public struct Entry: Sendable, Hashable, Codable {
        public var at: String
        /// `deployed`, `cutover`, `rollback`, `skip`.
        public var what: String
        public var id: String
        public var from: String?
        public var to: String
        public var state: String
        public var reason: String?
    }

    public var stack: String
    public var entries: [Entry]
    public var receipts: [Receipt]
    /// Events that a person let a consumer pass over.
    public var skipped: [SkippedEvent]

    public static func gather(_ cloud: Cloud, _ stack: String) async throws -> HistoryReport {
        let view = try await StackView.load(cloud, stack)
        let deployed = view.releases.map {
            Entry(at: $0.createdAt, what: "deployed", id: $0.release, from: $0.counterpart, to: $0.release, state: $0.state.rawValue)
        }
        let handovers = try await view.handovers.all().map {
            Entry(
                at: Timestamp.format($0.startedAt), what: $0.kind.rawValue, id: $0.id, from: $0.from, to: $0.to, state: $0.state.rawValue,
                reason: $0.reason)
        }
        let skipped = try await SkippedEvent.all(cloud.dynamo, stack)
        let skips = skipped.map {
            Entry(
                at: $0.at, what: "skip", id: $0.id, to: $0.release, state: "\($0.event.position) at \($0.consumer), by \($0.by)",
                reason: $0.reason)
        }
        return HistoryReport(
            stack: stack, entries: (deployed + handovers + skips).sorted { $0.at < $1.at },
            receipts: try await Receipt.all(cloud.dynamo, stack), skipped: skipped)
    }
}
