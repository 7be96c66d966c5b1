import AWS
import EventSourcing

/// Carries what was committed to one release's streams into another release, each source event exactly once.
public struct StreamReplicator: Sendable {
    public let ledger: Ledger
    /// The release that commits.
    public let source: String
    /// The release that follows.
    public let target: String
    private let convert: @Sendable (StoredEvent) throws -> Conversion
    private let reader: StreamReader
    private let targetReader: StreamReader
    private let targetNames: ReleaseNames

    public init(ledger: Ledger, source: String, target: String, convert: @escaping @Sendable (StoredEvent) throws -> Conversion) {
        self.ledger = ledger
        self.source = source
        self.target = target
        self.convert = convert
        targetNames = ledger.names.release(target)
        reader = StreamReader(dynamo: ledger.dynamo, table: ledger.names.release(source).events)
        targetReader = StreamReader(dynamo: ledger.dynamo, table: targetNames.events)
    }

    /// The tail's transaction holds at most 100 actions: 80 events, the cursor, the progress and up to 15 outbox entries.
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
            if try await commit(events, of: aggregateId, after: cursor, pending: &pending) { replicated += events.count }
        }
    }

    /// One transaction. `false` where another replicator was faster or in the way: the cursor must be read again, nothing was added.
    private func commit(
        _ events: [StoredEvent], of aggregateId: String, after cursor: ReplicaCursor, pending: inout [OutboxItem]
    ) async throws -> Bool {
        var copy = cursor.copy
        var progress = ShardProgress.zero
        var writes: [Write] = []
        var bytes = 0
        for event in events {
            if bytes + event.size > AppendLimits.bytes, bytes > 0 { break }
            bytes += event.size
            if event.from == target {
                try copy.skip(event)
                continue
            }
            let converted = try copy.copy(event, by: convert)
            progress.add(source: event, target: converted, on: ledger.shards)
            if let converted {
                writes.append(.put(targetNames.events, converted.item, if: "attribute_not_exists(#aggregateId)"))
            }
        }
        writes.append(cursor.advance(to: copy, table: targetNames.cursors, aggregateId: aggregateId))
        let shard = ledger.shards.shard(of: aggregateId)
        writes.append(progress.addition(to: targetNames.cursors, key: ShardProgress.key(of: source, shard: shard)))
        let done = pending.filter { $0.last <= copy.sourceVersion }.prefix(Self.outboxPerTransaction)
        writes += done.map { Write.delete(ledger.names.ledger, $0.key) }
        do {
            try await ledger.dynamo.transact(writes)
            let removed = Set(done)
            pending.removeAll { removed.contains($0) }
            return true
        } catch DynamoDBError.transactionCancelled(let reasons) {
            if let reason = RefusedContent.reason(of: DynamoDBError.transactionCancelled(reasons)) {
                throw RefusedContent(stream: aggregateId, reason: reason)
            }
            try foreignEvent(reasons)
            try await ledger.dynamo.clock.pause(milliseconds: 2...12)
            return false
        } catch let error as AWSError where error.code == "ValidationException" {
            throw RefusedContent(stream: aggregateId, reason: error.message)
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
            guard let version = item["sourceVersion"]?.int, let last = item["targetVersion"]?.int else {
                throw OddItem(item: item, attribute: "sourceVersion, targetVersion")
            }
            return ReplicaCursor(copy: StreamCopy(from: source, sourceVersion: version, targetVersion: last), stored: true)
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
        return ReplicaCursor(copy: StreamCopy(from: source, sourceVersion: seen, targetVersion: last), stored: false)
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
