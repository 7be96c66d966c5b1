import AWS
import EventSourcing
import EventStore

/// The second pass where the candidate's own functions run it: they measure the copy and project it, from checkpoint to checkpoint.
struct ProofPass: Sendable {
    let view: StackView
    let candidate: ReleaseRecord
    let source: String
    let options: ReplayOptions
    let sink: ProgressSink

    private var keys: [Item] { ReplayOrder.Pass.prove.checkpointKeys(of: source, total: candidate.replaySettings.segments) }

    /// The totals of each shard.
    func run(expected: Int) async throws -> [Totals] {
        let progress = PassProgress("events measured and projected", total: expected, sink: sink)
        let runner = candidate.runner(of: .prove, in: view.cloud, source: source, options: options, sink: sink)
        let ledger = view.ledger
        try await progress.watching({ try await ledger.backlog() }) {
            try await runner.run { segment, answer in progress.tell { $0.add(segment: segment, answer, at: $1) } }
        }
        let checkpoints = try await view.cloud.dynamo.batchGet(candidate.names.cursors, keys: keys).map(ReplayCheckpoint.init(item:))
        let measured = FirstPass.sum(checkpoints)
        return view.shards.all.map { measured[$0]?.source ?? .zero }
    }

    /// The next run measures all of it anew.
    func forget() async throws { try await view.cloud.dynamo.batchDelete(candidate.names.cursors, keys: keys) }
}
