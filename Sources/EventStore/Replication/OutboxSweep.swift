import AWS
import EventSourcing

/// Replicates what the outbox of some shards still holds: shards side by side, and the streams of a shard one after the other, since each
/// transaction adds to the shard's progress.
public struct OutboxSweep: Sendable {
    public let replicator: StreamReplicator

    /// Shards replicated at a time.
    public static let width = 8

    public init(replicator: StreamReplicator) { self.replicator = replicator }

    public struct Result: Sendable, Hashable, Codable {
        /// Source events replicated.
        public var events = 0
        /// Streams that could not be replicated, with the reason. They stop alone; others go on.
        public var failures: [String: String] = [:]
        /// The events at which those streams stop, where that is known.
        public var stoppedAt: [String: EventReference] = [:]
    }

    /// Where another replicator is faster, the outbox tells what it left.
    private static let rounds = 3

    /// Sweeps the shards once; an entry that was committed before the call is replicated when it returns, unless its stream failed.
    public func run(_ shards: some Sequence<Int>) async throws -> Result {
        var result = Result()
        var open = Array(shards)
        for round in 1...Self.rounds where !open.isEmpty {
            let backlogs = try await BacklogReader(replicator: replicator).read(open)
            open = []
            try await withThrowingTaskGroup(of: (Int, ShardSweep.Outcome).self) { group in
                var waiting = backlogs.makeIterator()
                func startNext() {
                    guard let backlog = waiting.next() else { return }
                    let sweep = ShardSweep(replicator: replicator, isLast: round == Self.rounds)
                    group.addTask { (backlog.shard, try await sweep.run(backlog)) }
                }
                for _ in 0..<Self.width { startNext() }
                while let (shard, outcome) = try await group.next() {
                    result.add(outcome.result)
                    if outcome.isContended { open.append(shard) }
                    startNext()
                }
            }
            open.sort()
        }
        return result
    }
}

extension OutboxSweep.Result {
    mutating func add(_ other: Self) {
        events += other.events
        failures.merge(other.failures) { _, new in new }
        stoppedAt.merge(other.stoppedAt) { _, new in new }
    }
}
