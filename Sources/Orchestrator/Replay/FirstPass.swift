import AWS
import EventSourcing
import EventStore
import Foundation

/// Copies every event up to the cut, by segments that the candidate's own functions work on, and holds the totals against the cut's.
struct FirstPass: Sendable {
    let view: StackView
    let candidate: ReleaseRecord
    let source: String
    let options: ReplayOptions
    /// Checked where checkpoints are removed.
    let fence: Write
    let sink: ProgressSink

    private static let attempts = 3

    private var dynamo: DynamoDB { view.cloud.dynamo }
    private var cursors: String { candidate.names.cursors }
    /// Of the checkpoints, by segment.
    private var keys: [Item] { ReplayOrder.Pass.copy.checkpointKeys(of: source, total: candidate.replaySettings.segments) }

    /// Returns the checkpoints of the finished segments. Throws ``TotalsDiffer`` where a shard stays different from its cut.
    func run() async throws -> [ReplayCheckpoint] {
        let heads = try await view.ledger.heads()
        let total = heads.reduce(0) { $0 + ($1.cut?.totals.events ?? 0) }
        var differing: [ShardProof] = []
        for attempt in 0..<Self.attempts {
            if attempt > 0 {
                sink(.note("\(differing.count) shards differ from the cut; reading them again"))
                try await dynamo.delete(keys.map { Write.delete(cursors, $0) }, fence: fence)
            }
            try await copy(total: total)
            let checkpoints = try await segments()
            let read = Self.sum(checkpoints)
            let aside = Self.setAside(checkpoints)
            differing = heads.compactMap { head in
                let (cut, read) = (head.cut?.totals ?? .zero, read[head.shard]?.source ?? .zero)
                let account = CutAccount(cut: cut, read: read, aside: aside[head.shard] ?? .none)
                return account == .differs ? ShardProof(shard: head.shard, owner: cut, replicated: read) : nil
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

    private var merge: MergePass { MergePass(cloud: view.cloud, candidate: candidate, source: source, options: options, sink: sink) }

    private func segments() async throws -> [ReplayCheckpoint] { try await checkpointsBySegment().map(\.value) }

    private func checkpointsBySegment() async throws -> [Int: ReplayCheckpoint] {
        try await ReplayOrder.Pass.copy.checkpoints(of: source, total: candidate.replaySettings.segments, in: cursors, dynamo)
    }

    /// Per source shard, over all segments.
    static func sum(_ checkpoints: [ReplayCheckpoint]) -> [Int: ShardProgress] {
        checkpoints.reduce(into: [:]) { $0.merge($1.progress, uniquingKeysWith: +) }
    }

    /// What was set aside per source shard, over all segments.
    static func setAside(_ checkpoints: [ReplayCheckpoint]) -> [Int: SetAside] {
        checkpoints.reduce(into: [:]) { $0.merge($1.setAside, uniquingKeysWith: +) }
    }

    /// What was set aside of all that the cut counted; `nil` where nothing was.
    func quarantine() async throws -> ReplayQuarantine? {
        let checkpoints = try await segments()
        let aside = Self.setAside(checkpoints)
        guard !aside.isEmpty else { return nil }
        let read = Self.sum(checkpoints)
        let byCount = try await view.ledger.heads().filter { head in
            let account = CutAccount(
                cut: head.cut?.totals ?? .zero, read: read[head.shard]?.source ?? .zero, aside: aside[head.shard] ?? .none)
            return account == .byCount
        }
        return ReplayQuarantine(
            items: aside.values.reduce(0) { $0 + $1.items },
            keys: Array(checkpoints.flatMap(\.setAsideKeys).sorted().prefix(ReplayCheckpoint.keysShown)),
            shardsByCount: byCount.map(\.shard))
    }

    private func copy(total: Int) async throws {
        let before = try await checkpointsBySegment().mapValues(\.events)
        let progress = PassProgress("events", total: total, done: before, toCome: total, sink: sink)
        let runner = candidate.runner(of: .copy, in: view.cloud, source: source, options: options, sink: sink)
        let ledger = view.ledger
        do {
            try await progress.watching({ try await ledger.backlog() }) {
                try await runner.run { segment, answer in progress.tell { $0.add(segment: segment, answer, at: $1) } }
            }
        } catch let stop as ReplayStopped where stop.type == "\(OddSource.self)" {
            sink(.note("the live events table has items that are no events; looking for all of them"))
            throw ReplayStopped(function: stop.function, reason: "\(try await survey(stop.function))")
        }
    }

    /// All items of the live events table that are no events.
    private func survey(_ function: String) async throws -> OddSource {
        struct Payload: Encodable { var survey: SourceSurvey.Order }
        let call = FunctionCall(cloud: view.cloud)
        let parts = try await withThrowingTaskGroup(of: OddSource.self) { group in
            for segment in 0..<SegmentWorkers.usualSegments {
                group.addTask {
                    var order = SourceSurvey.Order(segment: segment, total: SegmentWorkers.usualSegments, seconds: 10)
                    var found = OddSource(items: [], count: 0)
                    repeat {
                        let payload = try StableJSON.encode(Payload(survey: order))
                        let answer: SourceSurvey.Answer = try await call.json(function, payload, retry: .whenTransient)
                        found = OddSource(items: found.items + answer.items, count: found.count + answer.count)
                        order.resume = answer.resume
                    } while order.resume != nil
                    return found
                }
            }
            return try await group.reduce(into: [OddSource]()) { $0.append($1) }
        }
        return OddSource(items: parts.flatMap(\.items).sorted { $0.key < $1.key }, count: parts.reduce(0) { $0 + $1.count })
    }
}

extension ReplayMeter {
    mutating func add(segment: Int, _ answer: ReplayAnswer, at now: Double) {
        let writers = answer.writers.flatMap { now in answer.mostWriters.map { (now: now, most: $0) } }
        add(
            segment: segment, done: answer.events, shares: answer.effort?.shares ?? [:], refusals: answer.effort?.refusals ?? 0,
            writers: writers, at: now)
        if let items = answer.setAside { add(segment: segment, setAside: items) }
        if answer.finished { ended(segment: segment) }
    }
}

extension Ledger {
    /// Events committed since the last cut, over all shards.
    func backlog() async throws -> Int {
        try await heads().reduce(0) { $0 + $1.totals.events - ($1.cut?.totals.events ?? 0) }
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
