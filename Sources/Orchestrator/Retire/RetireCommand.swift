import AWS
import EventSourcing
import EventStore

/// `immutable retire`: removes a release that owns nothing, once nothing needs it any more.
public struct RetireCommand: Sendable {
    public let cloud: Cloud
    public let stack: String
    /// `nil`: the one that was live before, or gave the writes back.
    public let release: String?
    private let sink: ProgressSink
    private let confirm: @Sendable (Intent) async throws -> Bool

    public struct Intent: Sendable {
        public var stack: String
        public var release: String
        public var live: String
        /// Whether the writes can no longer go back afterwards.
        public var endsRollback: Bool
        public var tables: [String]
    }

    public init(
        cloud: Cloud, stack: String, release: String?, sink: @escaping ProgressSink,
        confirm: @escaping @Sendable (Intent) async throws -> Bool
    ) {
        self.cloud = cloud
        self.stack = stack
        self.release = release
        self.sink = sink
        self.confirm = confirm
    }

    /// How often what a reactor has not passed yet is hinted at again.
    private static let settleDeadline: Duration = .seconds(90)

    /// Returns the release that was removed; `nil` where the question was answered with no.
    public func run() async throws -> String? {
        _ = try await StackView.load(cloud, stack)
        return try await StackLock.holding(cloud.dynamo, stack, doing: "retire") { lock in
            let view = try await StackView.load(cloud, stack)
            if let record = try await view.handovers.current(), !record.state.hasEnded { throw HandoverUnfinished(record: record) }
            guard let record = release.map({ view.release($0) }) ?? (view.retiring ?? view.previous ?? view.rolledBack),
                record.state.hasResources,
                let live = view.live
            else { throw NothingToHandOver(stack: stack, problem: "there is no release to retire") }
            guard [.previous, .rolledBack, .retiring].contains(record.state) else {
                let hint = record.state == .candidate ? "; `immutable abort` gives a candidate up" : ""
                throw NothingToHandOver(stack: stack, problem: "\(record.release) is \(record.state.rawValue)\(hint)")
            }
            let intent = Intent(
                stack: stack, release: record.release, live: live.release, endsRollback: record.state == .previous,
                tables: [record.names.events, record.names.cursors] + record.manifest.readModels.map { record.names.readModel($0.name) })
            guard try await confirm(intent) else { return nil }
            try await Retirement(
                removal: ReleaseRemoval(view: view, lock: lock, sink: sink), router: DomainRouter(cloud: cloud, stack: live.manifest),
                settle: settle
            ).run(record, live: live, of: view.releases)
            return record.release
        }
    }

    private func settle(_ record: ReleaseRecord) async throws {
        let audit = StreamAudit(cloud: cloud, names: record.names, consumers: Blueprint(record).reactorConsumers)
        try await waitUntil("every reactor of \(record.release) is settled", deadline: Self.settleDeadline) {
            do {
                return try await audit.hintLate() == 0
            } catch is FunctionFailed {
                // Another try holds an effect for up to 30 s.
                return false
            }
        }
    }
}
