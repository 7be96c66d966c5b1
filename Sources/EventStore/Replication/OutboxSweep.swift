import AWS
import EventSourcing

/// Replicates what the outbox of some shards still holds: shards side by side, and the streams of a shard one after the other, since each
/// transaction adds to the shard's progress.
public struct OutboxSweep: Sendable {
    public let replicator: StreamReplicator
    /// Shards replicated at a time.
    public let width: Int

    public init(replicator: StreamReplicator, width: Int = 8) {
        self.replicator = replicator
        self.width = width
    }

    public struct Result: Sendable, Hashable, Codable {
        /// Source events replicated.
        public var events = 0
        /// Streams that could not be replicated, with the reason. They stop alone; others go on.
        public var failures: [String: String] = [:]
        /// The events at which those streams stop, where that is known.
        public var stoppedAt: [String: EventReference] = [:]
    }

    /// Sweeps the shards once; an entry that was committed before the call is replicated when it returns, unless its stream failed.
    public func run(_ shards: some Sequence<Int>) async throws -> Result {
        let backlogs = try await backlogs(shards)
        var result = Result()
        try await withThrowingTaskGroup(of: Result.self) { group in
            var waiting = backlogs.makeIterator()
            func startNext() {
                guard let backlog = waiting.next() else { return }
                group.addTask { try await ShardSweep(replicator: replicator).run(backlog) }
            }
            for _ in 0..<width { startNext() }
            while let part = try await group.next() {
                result.add(part)
                startNext()
            }
        }
        return result
    }

    /// What there is to replicate, by shard, and how far its streams are: a Query for each shard, and all cursors and heads together.
    private func backlogs(_ shards: some Sequence<Int>) async throws -> [ShardBacklog] {
        let (ledger, source) = (replicator.ledger, replicator.source)
        var outboxes: [(shard: Int, entries: [OutboxItem])] = []
        try await withThrowingTaskGroup(of: (Int, [OutboxItem]).self) { group in
            for shard in shards { group.addTask { (shard, try await ledger.outbox(shard, from: source)) } }
            for try await (shard, entries) in group where !entries.isEmpty { outboxes.append((shard, entries)) }
        }
        // The same work in the same order, whatever came first: a simulation replays it.
        outboxes.sort { $0.shard < $1.shard }
        let cursors = try await replicator.cursors(of: Set(outboxes.flatMap { $0.entries.map(\.aggregateId) }).sorted())
        let lacking = outboxes.filter { $0.entries.contains { cursors[$0.aggregateId] == nil } }.map(\.shard)
        let cuts = try await ledger.heads(of: lacking).mapValues { $0.cut?.epoch ?? 0 }
        return outboxes.map { shard, entries in
            let streams = Dictionary(grouping: entries, by: \.aggregateId).sorted { $0.value[0].item < $1.value[0].item }
            return ShardBacklog(
                shard: shard,
                streams: streams.map { aggregateId, entries in
                    StreamBacklog(aggregateId: aggregateId, entries: entries, cursor: cursors[aggregateId], cutEpoch: cuts[shard])
                })
        }
    }
}

extension OutboxSweep.Result {
    mutating func add(_ other: Self) {
        events += other.events
        failures.merge(other.failures) { _, new in new }
        stoppedAt.merge(other.stoppedAt) { _, new in new }
    }
}
