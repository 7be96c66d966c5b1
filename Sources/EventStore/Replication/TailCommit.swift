import AWS
import EventSourcing

/// What one transaction of the tail carries of one stream.
struct TailPart: Sendable {
    var backlog: StreamBacklog
    /// Where the stream stood.
    var cursor: ReplicaCursor
    var batch: TailBatch
    /// Moves of the cursors of other target streams.
    var targetCursors: [Write] = []

    private static let outboxEntries = 15

    /// The outbox entries that the transaction removes.
    var done: some Collection<OutboxItem> { backlog.entries.filter { $0.last <= batch.copy.sourceVersion }.prefix(Self.outboxEntries) }

    /// What is left of the stream's backlog afterwards.
    var rest: StreamBacklog? {
        let removed = Set(done)
        let left = backlog.entries.filter { !removed.contains($0) }
        guard !left.isEmpty else { return nil }
        return StreamBacklog(aggregateId: backlog.aggregateId, entries: left)
    }

    /// Actions of the transaction, without the shard's progress.
    var actions: Int { targetCursors.count + batch.copies.count + 1 + done.count }

    func writes(events: String, cursors: String, ledger: String) throws -> [Write] {
        var writes = targetCursors
        writes += batch.copies.map { .put(events, $0.item, if: "attribute_not_exists(#aggregateId)") }
        writes.append(try cursor.advance(to: batch.copy, table: cursors, aggregateId: backlog.aggregateId))
        writes += done.map { Write.delete(ledger, $0.key) }
        return writes
    }
}

/// One transaction of the tail: parts of streams of one shard.
enum TailCommit {
    /// A transaction holds 100 actions; one is the progress, one the journal's.
    private static let actions = 98

    /// The parts, in as few transactions as they fit in.
    static func packed(_ parts: [TailPart]) -> [[TailPart]] {
        var transactions: [[TailPart]] = []
        var (actions, bytes) = (0, 0)
        for part in parts {
            if transactions.isEmpty || actions + part.actions > Self.actions || bytes + part.batch.bytes > AppendLimits.bytes {
                transactions.append([])
                (actions, bytes) = (0, 0)
            }
            transactions[transactions.count - 1].append(part)
            actions += part.actions
            bytes += part.batch.bytes
        }
        return transactions
    }

    static func writes(
        _ parts: [TailPart], of shard: Int, from source: String, ledger: Ledger, target: ReleaseNames, journal: TouchedJournal?
    ) throws -> [Write] {
        var progress = ShardProgress.zero
        var writes: [Write] = []
        for part in parts {
            writes += try part.writes(events: target.events, cursors: target.cursors, ledger: ledger.names.ledger)
            progress.source = progress.source + part.batch.carried
            progress.add(copies: part.batch.copies, on: ledger.shards)
        }
        writes.append(progress.addition(to: target.cursors, key: ShardProgress.key(of: source, shard: shard)))
        if let journal, parts.contains(where: { $0.batch.events > 0 }) { writes.append(journal.entry(of: parts, shard: shard)) }
        return writes
    }
}
