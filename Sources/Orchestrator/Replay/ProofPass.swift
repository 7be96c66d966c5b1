import AWS
import EventSourcing
import EventStore

/// The second pass of a replay: measures what a release's events table really holds, and feeds its streams to projectors on the way, from checkpoint to
/// checkpoint. History never crosses the bus.
struct ProofPass: Sendable {
    let dynamo: DynamoDB
    let names: ReleaseNames
    let shards: ShardMap
    /// The release that it was filled from, or itself.
    let source: String
    let segments: Int
    let runner: any SegmentRunner
    let sink: ProgressSink
    /// Events that the release is behind; `nil` where it follows none.
    var backlog: (@Sendable () async throws -> Int)?

    private var keys: [Item] { ReplayOrder.Pass.prove.checkpointKeys(of: source, total: segments) }

    /// The totals of each shard. Memory doesn't grow with the table.
    ///
    /// Throws ``PoisonousEvent``. A stream that a projector can't read whole is no reason to stop: its shard's totals tell.
    func run(expected: Int) async throws -> [Totals] {
        let progress = PassProgress(
            "events measured and projected", total: expected, done: try await checkpoints().mapValues(\.events), sink: sink)
        let runner = runner
        @Sendable func measure() async throws {
            try await runner.run { segment, answer in progress.tell { $0.add(segment: segment, answer, at: $1) } }
        }
        if let backlog { try await progress.watching(backlog, during: measure) } else { try await measure() }
        let measured = FirstPass.sum(try await checkpoints().map(\.value))
        return shards.all.map { measured[$0]?.source ?? .zero }
    }

    /// The next run measures all of it anew. `fence` is checked in the same transactions.
    func forget(_ fence: Write) async throws { try await dynamo.delete(keys.map { Write.delete(names.cursors, $0) }, fence: fence) }

    private func checkpoints() async throws -> [Int: ReplayCheckpoint] {
        try await ReplayOrder.Pass.prove.checkpoints(of: source, total: segments, in: names.cursors, dynamo)
    }
}

extension ProofPass {
    /// Run by this process, for a release that was filled by a history file and that nobody writes to yet.
    /// - Parameter projectors: the functions that get every stream.
    init(_ record: ReleaseRecord, in cloud: Cloud, projectors: [String]) {
        let shards = ShardMap(count: record.manifest.eventStore.ledgerShards)
        let ledger = Ledger(dynamo: cloud.dynamo, names: StackNames(stack: record.stack), shards: shards)
        let segments = SegmentWorkers.usualSegments
        self.init(
            dynamo: cloud.dynamo, names: record.names, shards: shards, source: record.release, segments: segments,
            runner: ProofWorkers(
                cloud: cloud, ledger: ledger, source: record.release, target: record.release, segments: segments, projectors: projectors),
            sink: { _ in })
    }

    /// Of a candidate that was filled from `source`.
    init(_ candidate: ReleaseRecord, from source: String, in view: StackView, options: ReplayOptions, sink: @escaping ProgressSink) {
        let settings = candidate.replaySettings
        let runner: any SegmentRunner =
            switch settings.engine {
            case .direct:
                ProofWorkers(
                    cloud: view.cloud, ledger: view.ledger, source: source, target: candidate.release, segments: settings.segments,
                    projectors: Blueprint(candidate).projectors.map(\.function))
            case .stepFunctions: candidate.runner(of: .prove, in: view.cloud, source: source, options: options, sink: sink)
            }
        let ledger = view.ledger
        self.init(
            dynamo: view.cloud.dynamo, names: candidate.names, shards: view.shards, source: source, segments: settings.segments,
            runner: runner, sink: sink, backlog: { try await ledger.backlog() })
    }
}
