import AWS
import EventSourcing
import EventStore
import Foundation

/// One direction of a handover: who gives the writes to whom, and how the receiver's copy is proven.
public struct HandoverRoute: Sendable {
    public var kind: HandoverRecord.Kind
    public var from: String
    public var to: String
    /// The function that replicates from `from` to `to`.
    package var replicator: String
    /// What was replicated before `progress` began to count, per shard: the cut's totals, or the last handover's.
    var sourceBase: [Totals]
    var targetBase: [Totals]
    /// Whether the writes can come back afterwards.
    var keepsWayBack: Bool
    var progress: ProgressReader

    package init(
        kind: HandoverRecord.Kind, from: String, to: String, replicator: String, sourceBase: [Totals], targetBase: [Totals],
        keepsWayBack: Bool, progress: ProgressReader
    ) {
        self.kind = kind
        self.from = from
        self.to = to
        self.replicator = replicator
        self.sourceBase = sourceBase
        self.targetBase = targetBase
        self.keepsWayBack = keepsWayBack
        self.progress = progress
    }
}

/// Hands the writes of every shard over: seal, drain, decide, promote. Anyone who meets a seal can finish or end it by the record alone.
package struct HandoverRun: Sendable {
    let ledger: Ledger
    let handovers: HandoverStore
    let route: HandoverRoute
    /// Checked in the transaction that creates the record.
    let fence: Write
    /// Replicates what the outboxes of some shards hold, and waits so long for it.
    let sweep: @Sendable ([Int], Duration) async throws -> Void
    /// Looks once more at what the drain brought, before the decision; throws where the handover must not go on.
    /// Gets how long it may take at most.
    let compare: (@Sendable (Duration) async throws -> Void)?
    let sink: ProgressSink

    package init(
        ledger: Ledger, handovers: HandoverStore, route: HandoverRoute, fence: Write,
        sweep: @escaping @Sendable ([Int], Duration) async throws -> Void, compare: (@Sendable (Duration) async throws -> Void)? = nil,
        sink: @escaping ProgressSink
    ) {
        self.compare = compare
        self.ledger = ledger
        self.handovers = handovers
        self.route = route
        self.fence = fence
        self.sweep = sweep
        self.sink = sink
    }

    /// What a finished handover measured, in milliseconds by this process' clock.
    package struct Timing: Sendable, Hashable, Codable {
        var seal: Double
        var drain: Double
        var decide: Double
        var promote: Double
        var compare = 0.0
        var pause: Double { seal + drain + compare + decide + promote }
    }

    private var clock: ClientClock { ledger.dynamo.clock }

    /// A sweep without an answer is begun again: each try of it must leave time for another.
    private static let sweepPatience: Duration = .seconds(3)
    /// What the decision needs of the deadline, in seconds.
    private static let afterComparison = 1.0

    /// Starts a handover and takes it to its end. Throws ``HandoverAborted`` where the drain didn't finish by the deadline.
    package func start() async throws -> (HandoverRecord, Timing) {
        // What came since the last sweep is copied before the pause, and before the deadline counts.
        try await sweep(Array(ledger.shards.all), .seconds(60))
        let heads = try await ledger.heads()
        for head in heads {
            if head.owner != route.from { throw OwnerChanged(head: head, expected: route.from) }
            guard head.outbox == route.to else { throw NotReplicated(shard: head.shard, to: route.to) }
        }
        let now = clock.now()
        let record = HandoverRecord(
            id: ULID.next(clock), kind: route.kind, from: route.from, to: route.to,
            deadline: now.addingTimeInterval(HandoverRecord.timeLimit), epochs: heads.map(\.epoch), keepsWayBack: route.keepsWayBack,
            startedAt: now)
        try await handovers.create(record, fence: fence)
        return try await finish(record)
    }

    /// Takes a handover, new or found unfinished, to its end. Every step can be done again.
    package func finish(_ record: HandoverRecord) async throws -> (HandoverRecord, Timing) {
        var record = record
        var timing = Timing(seal: 0, drain: 0, decide: 0, promote: 0)
        do {
            if record.state == .sealing {
                sink(.step("seal", why: "appends pause on every shard; waiting requests are answered after the handover"))
                let sealing = record
                let sealed: Sealed
                (sealed, timing.seal) = try await Self.timed { try await sealAll(sealing) }
                let replicated: [Totals]
                sink(.step("drain", why: "the last commits are copied, and counted on both sides"))
                (replicated, timing.drain) = try await Self.timed { try await drain(sealed, for: sealing) }
                if let compare {
                    sink(.step("compare", why: "what the tail touched since the last comparison, now that nothing moves"))
                    let left = sealing.deadline.timeIntervalSince(clock.now()) - Self.afterComparison
                    timing.compare = try await Self.timed { try await compare(.seconds(max(0, left))) }
                }
                (record, timing.decide) = try await Self.timed {
                    try await taken { try await handovers.decide(sealing, fromTotals: sealed.totals, toTotals: replicated) }
                }
            }
        } catch let error where !(error is HandoverAborted) {
            // A cancelled task could not even lift the seals.
            let failed = record
            record = try await Uncancelled.run {
                let ended = try await taken {
                    try await handovers.abort(
                        failed, because: error is CancellationError ? "the command was interrupted" : "\(error)")
                }
                if ended.state == .aborted { try await unsealAll(ended) }
                return ended
            }
            if record.state == .aborted { throw HandoverAborted(record: record) }
        }
        switch record.state {
        case .promoting:
            sink(.step("promote", why: "decided: every shard goes to \(record.to); whoever meets a seal now finishes this too"))
            let promoting = record
            timing.promote = try await Self.timed { try await promoteAll(promoting) }
            record = try await taken { try await handovers.complete(promoting) }
        case .completed: break
        case .sealing, .aborted:
            try await unsealAll(record)
            throw HandoverAborted(record: record)
        }
        return (record, timing)
    }

    private struct Sealed: Sendable {
        /// Of each shard, final from its seal on.
        var totals: [Totals]
        /// What was replicated by then, or a moment before: where it equals totals that are final, nothing is left to copy whenever it was read.
        var progress: [ShardProgress]
    }

    /// Transactions of many heads each come first, and stop nothing where they fail; what they leave is sealed head by head.
    private func sealAll(_ record: HandoverRecord) async throws -> Sealed {
        let ledger = ledger
        let handovers = handovers
        // One that is under way must not land after an abort has looked for seals.
        try await Uncancelled.run {
            try await forEach(Array(ledger.shards.all).chunks(of: ledger.changedTogether)) {
                try await ledger.sealTogether($0, for: record)
            }
        }
        async let progress = taken { try await route.progress.read() }
        let heads = try await taken { try await ledger.heads() }
        var totals = heads.map(\.totals)
        try await withThrowingTaskGroup(of: Head.self) { group in
            for head in heads where head.handover?.id != record.id {
                group.addTask { try await taken { try await ledger.seal(head.shard, for: record, handovers: handovers) } }
            }
            for try await head in group { totals[head.shard] = head.totals }
        }
        return Sealed(totals: totals, progress: try await progress)
    }

    /// Until as much is replicated as was sealed, on every shard; returns what it came to in the new owner's store. Source and target figures
    /// are taken from the same consistent read of one item.
    private func drain(_ sealed: Sealed, for record: HandoverRecord) async throws -> [Totals] {
        // Some time is left for the decision: whoever passes the deadline first aborts.
        let end = record.deadline.addingTimeInterval(-1)
        var round = 0
        var progress = sealed.progress
        while true {
            round += 1
            if round > 1 { progress = try await taken { try await route.progress.read() } }
            let proofs = zip(sealed.totals, progress).enumerated().map { shard, pair in
                ShardProof(shard: shard, owner: pair.0, replicated: route.sourceBase[shard] + pair.1.source)
            }
            let open = proofs.filter { !$0.holds }
            if open.isEmpty {
                let contributions = ShardProgress.targetTotals(progress, count: sealed.totals.count)
                return zip(route.targetBase, contributions).map(+)
            }
            if clock.now() > end { throw DrainUnfinished(proofs: open) }
            if round > Self.quickRounds {
                // By a clock that was set back the deadline is far: once requests have ended the handover, its totals are never met.
                let now = try await taken { try await handovers.record(record.id) }
                if now?.state != .sealing { throw DrainUnfinished(proofs: open) }
                try await clock.pause(milliseconds: 20...40)
            }
            sink(.note("\(open.count) shards to go"))
            do { try await sweep(open.map(\.shard), Self.sweepPatience) } catch let error where error.isPassing || error is FunctionFailed {
                sink(.note("a sweep failed and is done again: \(error)"))
            }
        }
    }

    /// Rounds of a drain that ask for nothing else.
    private static let quickRounds = 3
    private static let triesTogether = 3
    private static let tries = 8

    /// In transactions of many heads each. One fails where a waiting request was faster on any of its shards, and is tried again with the others;
    /// what is left after ``triesTogether`` is promoted head by head.
    private func promoteAll(_ record: HandoverRecord) async throws {
        let ledger = ledger
        var open = Array(ledger.shards.all)
        for attempt in 1... {
            if attempt > 1 { try await clock.pause(milliseconds: 1...10) }
            if attempt <= Self.triesTogether {
                for shards in open.chunks(of: ledger.changedTogether) { try await ledger.promoteTogether(shards, by: record) }
            } else {
                try await forEach(open) { shard in try await taken { try await ledger.promote(shard, by: record) } }
            }
            let left = try await taken { try await ledger.heads() }.filter { $0.owner != record.to }
            guard let first = left.first else { return }
            if let foreign = left.first(where: { $0.handover?.id != record.id }) { throw OwnerChanged(head: foreign, expected: record.to) }
            if attempt == Self.tries { throw OwnerChanged(head: first, expected: record.to) }
            open = left.map(\.shard)
        }
    }

    private func unsealAll(_ record: HandoverRecord) async throws {
        for head in try await taken({ try await ledger.heads() }) where head.handover?.id == record.id {
            try await taken { try await ledger.unseal(head) }
        }
    }

    private func forEach<Part: Sendable>(_ parts: [Part], _ body: @escaping @Sendable (Part) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for part in parts { group.addTask { try await body(part) } }
            try await group.waitForAll()
        }
    }

    /// Writes wait, and a store that can't be reached for a moment is no reason to give up: the client's own tries take some 100 ms where it
    /// refuses a call, and where it answers none of 64 at once the client allows few of them another try. Counted, as a limit in time would be as wrong as the clock may be.
    private func taken<T>(_ call: () async throws -> T) async throws -> T {
        for _ in 0..<2 {
            do { return try await call() } catch let error where error.isPassing { try await clock.pause(milliseconds: 50...200) }
        }
        return try await call()
    }

    private static func timed(_ body: () async throws -> Void) async throws -> Double {
        try await timed(body).1
    }

    private static func timed<T>(_ body: () async throws -> T) async throws -> (T, Double) {
        let start = ContinuousClock.now
        let value = try await body()
        return (value, (ContinuousClock.now - start) / .milliseconds(1))
    }
}

/// A handover that ended without a new owner. Every head stayed with the old one.
public struct HandoverAborted: Error, Sendable, CustomStringConvertible {
    public var record: HandoverRecord

    public var description: String {
        """
        \(record.kind.rawValue) \(record.id) was aborted: \(record.reason ?? "its deadline passed").
        Nothing moved: \(record.from) owns every shard, and its writes go on.
        hint: run the same command again where that was its deadline; else mend first what it names
        """
    }
}

/// The tail couldn't be drained in time.
public struct DrainUnfinished: Error, Sendable, CustomStringConvertible {
    public var proofs: [ShardProof]

    public var description: String {
        let shown = proofs.prefix(8).map(\.summary).joined(separator: "; ")
        return "\(proofs.count) shards were not drained by the deadline (\(shown)\(proofs.count > 8 ? "; …" : ""))"
    }
}

/// A shard whose commits don't go to the other release.
public struct NotReplicated: Error, Sendable, CustomStringConvertible {
    public var shard: Int
    public var to: String

    public var description: String {
        "shard \(ShardMap.key(shard)) isn't replicated to \(to): there is no way to hand it over without loss. Deploy again."
    }
}
