import AWS
import EventSourcing
import EventStore

/// `immutable abort`: gives a candidate up, however far it got. The live release doesn't notice.
public struct AbortCommand: Sendable {
    public let cloud: Cloud
    public let stack: String
    private let sink: ProgressSink

    public init(cloud: Cloud, stack: String, sink: @escaping ProgressSink) {
        self.cloud = cloud
        self.stack = stack
        self.sink = sink
    }

    /// Returns the release that was given up.
    public func run() async throws -> String {
        _ = try await StackView.load(cloud, stack)
        return try await StackLock.holding(cloud.dynamo, stack, doing: "abort") { lock in
            let view = try await StackView.load(cloud, stack)
            guard let candidate = view.candidate ?? view.aborting else {
                throw NothingToHandOver(stack: stack, problem: "there is no candidate to give up")
            }
            let removal = ReleaseRemoval(view: view, lock: lock, sink: sink)
            let givingUp = GivingUp(handovers: view.handovers, removal: removal)
            if candidate.counterpart != nil {
                try await givingUp.run(candidate)
            } else if try await ownsSomething(view, candidate) {
                throw StillOwner(release: candidate.release, shard: 0)
            } else {
                try await givingUp.runFirst(candidate, hasLedger: try await cloud.dynamo.describeTable(view.names.ledger) != nil)
            }
            return candidate.release
        }
    }

    /// A stack's first release owns the writes as soon as it has every head, and the domain leads to it.
    private func ownsSomething(_ view: StackView, _ candidate: ReleaseRecord) async throws -> Bool {
        try await DomainRouter(cloud: cloud, stack: candidate.manifest).current(of: view.releases) == candidate.release
    }
}
