import AWS
import EventSourcing
import EventStore
import Foundation

/// Copies every event up to the cut, by segments that the candidate's own functions work on, and holds the totals against the cut's.
struct FirstPass: Sendable {
    let view: StackView
    let candidate: ReleaseRecord
    let source: String
    let sink: ProgressSink

    static let segments = 4
    /// How long a segment works before it reports.
    private static let reportSeconds = 1.0
    private static let attempts = 3

    private var dynamo: DynamoDB { view.cloud.dynamo }
    private var cursors: String { candidate.names.cursors }
    private func key(_ segment: Int) -> Item {
        ["consumer": .s(CursorKey.replay(of: source, segment: segment, of: Self.segments))]
    }

    /// Returns the checkpoints of the finished segments. Throws ``TotalsDiffer`` where a shard stays different from its cut.
    func run() async throws -> [ReplayCheckpoint] {
        let heads = try await view.ledger.heads()
        let total = heads.reduce(0) { $0 + ($1.cut?.totals.events ?? 0) }
        var differing: [ShardProof] = []
        for attempt in 0..<Self.attempts {
            if attempt > 0 {
                sink(.note("\(differing.count) shards differ from the cut; reading them again"))
                try await dynamo.batchDelete(cursors, keys: (0..<Self.segments).map(key))
            }
            try await copy(total: total)
            let checkpoints = try await segments()
            let read = Self.sum(checkpoints)
            differing = heads.compactMap { head in
                let proof = ShardProof(shard: head.shard, owner: head.cut?.totals ?? .zero, replicated: read[head.shard]?.source ?? .zero)
                return proof.holds ? nil : proof
            }
            if differing.isEmpty {
                let staged = checkpoints.reduce(Totals.zero) { $0 + $1.staged }
                return checkpoints + (try await merge.run(staged))
            }
        }
        throw TotalsDiffer(what: "the replay read", proofs: differing)
    }

    /// Those of the pass that merges streams included.
    func checkpoints() async throws -> [ReplayCheckpoint] { try await segments() + merge.checkpoints() }

    private var merge: MergePass { MergePass(cloud: view.cloud, candidate: candidate, source: source, sink: sink) }

    private func segments() async throws -> [ReplayCheckpoint] {
        try await dynamo.batchGet(cursors, keys: (0..<Self.segments).map(key)).map(ReplayCheckpoint.init(item:))
    }

    /// Per source shard, over all segments.
    static func sum(_ checkpoints: [ReplayCheckpoint]) -> [Int: ShardProgress] {
        checkpoints.reduce(into: [:]) { $0.merge($1.progress, uniquingKeysWith: +) }
    }

    private func copy(total: Int) async throws {
        let counter = Counter()
        let sink = sink
        try await withThrowingTaskGroup(of: Void.self) { group in
            for segment in 0..<Self.segments {
                group.addTask {
                    while true {
                        let step = try await work(on: segment)
                        let copied = await counter.set(segment, step.events)
                        sink(.count("events", done: copied, total: total))
                        if step.finished { return }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private struct Step: Decodable {
        var finished: Bool
        var events: Int
    }

    private func work(on segment: Int) async throws -> Step {
        let function = candidate.names.function("replay")
        let order = "{\"segment\":\(segment),\"total\":\(Self.segments),\"seconds\":\(Self.reportSeconds)}"
        // The worker goes on from its checkpoint, so an unanswered invocation may be sent again.
        return try await FunctionCall(cloud: view.cloud).json(function, order, retry: .whenTransient)
    }

    private actor Counter {
        private var counts: [Int: Int] = [:]

        func set(_ segment: Int, _ count: Int) -> Int {
            counts[segment] = count
            return counts.values.reduce(0, +)
        }
    }
}

/// Totals that must be equal and aren't.
public struct TotalsDiffer: Error, Sendable, CustomStringConvertible {
    public var what: String
    public var proofs: [ShardProof]

    public var description: String {
        let shown = proofs.prefix(8).map { "  " + $0.summary }.joined(separator: "\n")
        let more = proofs.count > 8 ? "\n  … and \(proofs.count - 8) more shards" : ""
        return """
            \(what) other events than it should have in \(proofs.count) shards:
            \(shown)\(more)
            The live release is untouched. hint: run the same command again; if it repeats, `immutable abort` and look at those shards
            """
    }
}
