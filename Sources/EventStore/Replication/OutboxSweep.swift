import AWS
import EventSourcing

/// Replicates what the outbox of some shards still holds.
public struct OutboxSweep: Sendable {
    public let replicator: StreamReplicator
    /// Streams replicated at a time.
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
        var result = Result()
        var entries: [OutboxItem] = []
        let ledger = replicator.ledger
        let source = replicator.source
        try await withThrowingTaskGroup(of: [OutboxItem].self) { group in
            for shard in shards { group.addTask { try await ledger.outbox(shard, from: source) } }
            for try await found in group { entries += found }
        }
        let streams = Dictionary(grouping: entries, by: \.aggregateId)
        try await withThrowingTaskGroup(of: (String, Outcome).self) { group in
            var waiting = streams.makeIterator()
            func startNext() {
                guard let (aggregateId, entries) = waiting.next() else { return }
                group.addTask { (aggregateId, try await one(aggregateId, entries)) }
            }
            for _ in 0..<width { startNext() }
            while let (aggregateId, outcome) = try await group.next() {
                switch outcome {
                case .replicated(let events): result.events += events
                case .failed(let fault):
                    result.failures[aggregateId] = "\(fault)"
                    result.stoppedAt[aggregateId] = fault.event
                }
                startNext()
            }
        }
        return result
    }

    private enum Outcome: Sendable {
        case replicated(Int)
        case failed(any StreamFault)
    }

    private func one(_ aggregateId: String, _ entries: [OutboxItem]) async throws -> Outcome {
        do {
            return .replicated(try await replicator.replicate(aggregateId, entries: entries))
        } catch let error as any StreamFault {
            return .failed(error)
        }
    }
}
