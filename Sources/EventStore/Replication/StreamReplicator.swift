import AWS
import EventSourcing

/// Carries what was committed to one release's streams into another release, each source event exactly once.
public struct StreamReplicator: Sendable {
    public let ledger: Ledger
    /// The release that commits.
    public let source: String
    /// The release that follows.
    public let target: String
    private let mapping: Mapping
    private let reader: StreamReader
    private let targetReader: StreamReader
    private let targetNames: ReleaseNames

    public init(ledger: Ledger, source: String, target: String, mapping: Mapping) {
        self.ledger = ledger
        self.source = source
        self.target = target
        self.mapping = mapping
        targetNames = ledger.names.release(target)
        reader = StreamReader(dynamo: ledger.dynamo, table: ledger.names.release(source).events)
        targetReader = StreamReader(dynamo: ledger.dynamo, table: targetNames.events)
    }

    private static let eventsPerTransaction = 80
    private static let outboxPerTransaction = 15

    /// Replicates the stream up to its end, and at least through `entries`, whose outbox items it removes. Returns the count of source events.
    public func replicate(_ aggregateId: String, entries: [OutboxItem]) async throws -> Int {
        var pending = entries
        var replicated = 0
        let atLeast = entries.map(\.last).max() ?? 0
        while true {
            try Task.checkCancellation()
            let cursor = try await cursor(of: aggregateId)
            let done = pending.filter { $0.last <= cursor.copy.sourceVersion }
            if !done.isEmpty {
                try await ledger.delete(done)
                pending.removeAll { $0.last <= cursor.copy.sourceVersion }
            }
            let events = try await reader.page(
                aggregateId, after: cursor.copy.sourceVersion, limit: Self.eventsPerTransaction, atLeast: atLeast)
            if events.isEmpty { return replicated }
            replicated += try await commit(events, of: aggregateId, after: cursor, pending: &pending)
        }
    }

    /// One transaction. Returns how many source events it carried: 0 where another replicator was faster or in the way; the cursor must be read
    /// again, nothing was added.
    private func commit(
        _ events: [StoredEvent], of aggregateId: String, after cursor: ReplicaCursor, pending: inout [OutboxItem]
    ) async throws -> Int {
        var batch = TailBatch(after: cursor.copy, mapping: mapping)
        for event in events {
            guard try batch.add(event, isEcho: event.from == target) else { break }
        }
        var writes = try await targetCursors(&batch, events[0])
        writes += batch.copies.map { .put(targetNames.events, $0.item, if: "attribute_not_exists(#aggregateId)") }
        writes.append(try cursor.advance(to: batch.copy, table: targetNames.cursors, aggregateId: aggregateId))
        var progress = ShardProgress(source: batch.carried, targets: [:])
        progress.add(copies: batch.copies, on: ledger.shards)
        let shard = ledger.shards.shard(of: aggregateId)
        writes.append(progress.addition(to: targetNames.cursors, key: ShardProgress.key(of: source, shard: shard)))
        let done = pending.filter { $0.last <= batch.copy.sourceVersion }.prefix(Self.outboxPerTransaction)
        writes += done.map { Write.delete(ledger.names.ledger, $0.key) }
        do {
            try await ledger.dynamo.transact(writes)
            let removed = Set(done)
            pending.removeAll { removed.contains($0) }
            return batch.events
        } catch DynamoDBError.transactionCancelled(let reasons) {
            if let reason = RefusedContent.reason(of: DynamoDBError.transactionCancelled(reasons)) {
                throw RefusedContent(stream: aggregateId, reason: reason)
            }
            try foreignEvent(reasons)
            try await ledger.dynamo.clock.pause(milliseconds: 2...12)
            return 0
        } catch let error as AWSError where error.code == "ValidationException" {
            throw RefusedContent(stream: aggregateId, reason: error.message)
        }
    }

    /// Gives the copies their versions in streams that others may feed, and returns the writes that move those streams' cursors.
    private func targetCursors(_ batch: inout TailBatch, _ first: StoredEvent) async throws -> [Write] {
        guard mapping.layout != .inPlace else { return [] }
        let cursors = try await TargetCursor.load(batch.otherTargets, of: source, ledger: ledger, names: targetNames)
        let versions = batch.number(after: cursors)
        let only = mapping.layout == .moving ? first.aggregateId : nil
        return try cursors.values.sorted { $0.stream < $1.stream }.map { cursor in
            if let only, let feeder = cursor.feeder, feeder != only {
                throw TransformFailed.secondFeeder(of: cursor.stream, first, first: feeder)
            }
            return cursor.advance(
                to: versions[cursor.stream] ?? cursor.version, only: only, of: source, table: targetNames.cursors)
        }
    }

    /// The cursor still fits but another event stands at the target's version: someone else writes to the follower.
    private func foreignEvent(_ reasons: [CancellationReason]) throws {
        let refused = reasons.filter { $0.code == "ConditionalCheckFailed" }.compactMap(\.item)
        guard !refused.contains(where: { $0["consumer"] != nil }) else { return }
        for item in refused {
            guard let event = try? StoredEvent(item: item), event.from != source else { continue }
            throw ForeignEvent(position: event.position, target: target, source: source)
        }
    }

    private func cursor(of aggregateId: String) async throws -> ReplicaCursor {
        if let item = try await ledger.dynamo.getItem(targetNames.cursors, ReplicaCursor.key(of: source, aggregateId)) {
            return try ReplicaCursor(item: item, from: source)
        }
        return try await seed(aggregateId)
    }

    /// What replay copied, or the target's own events, count as replicated: everything up to the cut, and every copy of the target's.
    private func seed(_ aggregateId: String) async throws -> ReplicaCursor {
        let head = try await ledger.head(ledger.shards.shard(of: aggregateId))
        let cutEpoch = head.cut?.epoch ?? 0
        // The target is read first: a replicator that is faster makes the cursor's condition fail, not the numbers wrong.
        let last = try await targetReader.lastVersion(aggregateId)
        var seen = 0
        try await reader.backwards(aggregateId) { event in
            guard event.from == target || event.epoch <= cutEpoch else { return true }
            seen = event.version
            return false
        }
        let state = mapping.hasState ? try await state(of: aggregateId, upTo: seen) : nil
        return ReplicaCursor(copy: StreamCopy(from: source, sourceVersion: seen, targetVersion: last, state: state), stored: false)
    }

    /// What the transform keeps of a stream's replayed events: they are folded again, which gives the same.
    private func state(of aggregateId: String, upTo seen: Int) async throws -> Value? {
        var copy = StreamCopy(from: source)
        var last: StoredEvent?
        while copy.sourceVersion < seen {
            for event in try await reader.page(aggregateId, after: copy.sourceVersion, limit: 1_000, atLeast: seen)
            where event.version <= seen {
                try copy.skip(event, by: mapping)
                last = event
            }
        }
        var written: [StoredEvent] = []
        try copy.close(after: last, by: mapping, into: &written)
        return copy.state
    }
}

/// An event in a follower that replication didn't write.
public struct ForeignEvent: StreamFault, Sendable, CustomStringConvertible {
    public var position: String
    public var target: String
    public var source: String

    public var description: String {
        "release \(target) holds an event \(position) that isn't a copy from \(source): something else writes to it. Find the writer, then abort and deploy again."
    }
}
