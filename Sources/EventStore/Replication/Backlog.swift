import AWS
import EventSourcing

/// What one stream has in the outbox, and how far it was replicated when that was read.
struct StreamBacklog: Sendable {
    var aggregateId: String
    var entries: [OutboxItem]
    /// `nil`: it has none yet.
    var cursor: ReplicaCursor?
    /// Of the shard's cut, where it was read: a stream without a cursor needs it.
    var cutEpoch: Int?
    /// The stream's events from the oldest entry on, where they were read together with the cursor.
    var events: [StoredEvent]?
}

/// What one shard has in the outbox.
struct ShardBacklog: Sendable {
    var shard: Int
    /// Those whose oldest entry is older first.
    var streams: [StreamBacklog]
}

/// Reads what there is to replicate. The drain of a handover waits for it, so that what doesn't depend on each other is read at once: the
/// outboxes, then cursors, heads and, where there are few, the events.
struct BacklogReader: Sendable {
    let replicator: StreamReplicator

    /// More streams than this have their events read some at a time: a backlog may be of any size.
    private static let streamsReadAhead = 64

    /// The backlogs of those of `shards` that have any, in the order of the shards: the same work in the same order, so that a simulation can
    /// repeat it.
    func read(_ shards: some Sequence<Int>) async throws -> [ShardBacklog] {
        let outboxes = try await outboxes(shards)
        let streams = outboxes.mapValues { entries in
            Dictionary(grouping: entries, by: \.aggregateId).sorted { $0.value[0].item < $1.value[0].item }
                .map { StreamBacklog(aggregateId: $0.key, entries: $0.value) }
        }
        let all = streams.values.joined().sorted { $0.aggregateId < $1.aggregateId }
        async let cursors = replicator.cursors(of: all.map(\.aggregateId))
        async let heads = replicator.ledger.heads(of: streams.keys.sorted())
        async let events = all.count <= Self.streamsReadAhead ? self.events(all) : [:]
        let (known, cuts, ahead) = (try await cursors, try await heads.mapValues { $0.cut?.epoch ?? 0 }, try await events)
        return streams.sorted { $0.key < $1.key }.map { shard, streams in
            ShardBacklog(
                shard: shard,
                streams: streams.map { stream in
                    var stream = stream
                    stream.cursor = known[stream.aggregateId]
                    stream.cutEpoch = cuts[shard]
                    stream.events = ahead[stream.aggregateId]
                    return stream
                })
        }
    }

    private func outboxes(_ shards: some Sequence<Int>) async throws -> [Int: [OutboxItem]] {
        let (ledger, source) = (replicator.ledger, replicator.source)
        return try await withThrowingTaskGroup(of: (Int, [OutboxItem]).self) { group in
            for shard in shards { group.addTask { (shard, try await ledger.outbox(shard, from: source)) } }
            return try await group.reduce(into: [:]) { if !$1.1.isEmpty { $0[$1.0] = $1.1 } }
        }
    }

    private func events(_ streams: [StreamBacklog]) async throws -> [String: [StoredEvent]] {
        try await withThrowingTaskGroup(of: (String, [StoredEvent]?).self) { group in
            for stream in streams {
                group.addTask {
                    let first = stream.entries.map(\.first).min() ?? 1
                    // What is wrong with a stream is told when it is its turn.
                    do {
                        // Apart from the tuple: decision 0024.
                        let events = try await replicator.page(stream, after: first - 1)
                        return (stream.aggregateId, events)
                    } catch is any StreamFault {
                        return (stream.aggregateId, nil)
                    }
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }
}
