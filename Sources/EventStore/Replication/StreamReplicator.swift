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
    private let journal: TouchedJournal?

    /// `keepsJournal`: whether it notes which streams it carried, for a comparison before the handover.
    public init(ledger: Ledger, source: String, target: String, mapping: Mapping, keepsJournal: Bool = false) {
        self.ledger = ledger
        self.source = source
        self.target = target
        self.mapping = mapping
        targetNames = ledger.names.release(target)
        reader = StreamReader(dynamo: ledger.dynamo, table: ledger.names.release(source).events)
        targetReader = StreamReader(dynamo: ledger.dynamo, table: targetNames.events)
        journal = keepsJournal ? TouchedJournal(dynamo: ledger.dynamo, names: ledger.names, release: target) : nil
    }

    private static let eventsPerTransaction = 80

    /// Whether streams may share a transaction: only where none of them moves another one's target.
    var takesManyStreams: Bool { mapping.layout == .inPlace }

    /// Replicates the stream, and removes the outbox items of `entries`: through these at least, and up to the stream's end where there are none.
    /// Returns the count of source events.
    public func replicate(_ aggregateId: String, entries: [OutboxItem]) async throws -> Int {
        var backlog = StreamBacklog(aggregateId: aggregateId, entries: entries)
        var replicated = 0
        while true {
            try Task.checkCancellation()
            backlog.cursor = try await cursors(of: [aggregateId])[aggregateId]
            guard let part = try await prepare(backlog) else { return replicated }
            guard try await commit(part) else { continue }
            replicated += part.batch.events
            let rest = part.rest
            // Whatever was committed later has an entry of its own.
            if !entries.isEmpty, rest == nil { return replicated }
            backlog.entries = rest?.entries ?? []
        }
    }

    /// The next events of a stream, converted; `nil` where there is nothing more to carry. Outbox items of what is replicated already are
    /// removed.
    func prepare(_ backlog: StreamBacklog) async throws -> TailPart? {
        var backlog = backlog
        let (cursor, events) = try await next(backlog)
        let version = cursor.copy.sourceVersion
        let done = backlog.entries.filter { $0.last <= version }
        if !done.isEmpty {
            try await ledger.delete(done)
            backlog.entries.removeAll { $0.last <= version }
            if backlog.entries.isEmpty { return nil }
        }
        guard let first = events.first else { return nil }
        var batch = TailBatch(after: cursor.copy, mapping: mapping)
        for event in events {
            guard try batch.add(event, isEcho: event.from == target) else { break }
        }
        if !cursor.stored, backlog.cutEpoch != nil, batch.copies.isEmpty {
            // The put of version 1 proves that the target has nothing of the stream. Without it the target has to be asked.
            backlog.cutEpoch = nil
            return try await prepare(backlog)
        }
        let moves = try await targetCursors(&batch, first)
        return TailPart(backlog: backlog, cursor: cursor, batch: batch, targetCursors: moves)
    }

    /// Where the stream stands, and its next events.
    private func next(_ backlog: StreamBacklog) async throws -> (ReplicaCursor, [StoredEvent]) {
        if let cursor = backlog.cursor {
            if cursor.isQuarantined { throw QuarantinedStream(aggregateId: backlog.aggregateId, version: cursor.copy.sourceVersion) }
            let events = try await events(of: backlog, after: cursor)
            return (cursor, events)
        }
        if let cutEpoch = backlog.cutEpoch, backlog.entries.contains(where: { $0.first == 1 }) {
            // A stream that began after the cut: nothing of it can have been replayed.
            let state = mapping.hasState ? try await state(of: backlog.aggregateId, upTo: 0) : nil
            let start = ReplicaCursor(copy: StreamCopy(from: source, state: state), stored: false)
            let events = try await events(of: backlog, after: start)
            if !events.contains(where: { isReplicated($0, cutEpoch) }) { return (start, events) }
        }
        let cursor = try await seed(backlog)
        let events = try await events(of: backlog, after: cursor)
        return (cursor, events)
    }

    private func events(of backlog: StreamBacklog, after cursor: ReplicaCursor) async throws -> [StoredEvent] {
        let version = cursor.copy.sourceVersion
        if let read = backlog.events, read.first?.version == version + 1 { return read }
        return try await page(backlog, after: version)
    }

    /// The stream's events after `version`, as many as a transaction may carry, the first of the entries' at least.
    func page(_ backlog: StreamBacklog, after version: Int) async throws -> [StoredEvent] {
        try await reader.page(
            backlog.aggregateId, after: version, limit: Self.eventsPerTransaction, atLeast: backlog.entries.map(\.last).max() ?? 0)
    }

    /// What replay copied, or the target's own events, count as replicated: everything up to the cut, and every copy of the target's.
    private func isReplicated(_ event: StoredEvent, _ cutEpoch: Int) -> Bool { event.from == target || event.epoch <= cutEpoch }

    /// Returns whether the transaction was committed: not where another replicator was faster or in the way. Then nothing was added, and the
    /// cursor must be read again.
    private func commit(_ part: TailPart) async throws -> Bool {
        let aggregateId = part.backlog.aggregateId
        do {
            try await ledger.dynamo.transact(try writes([part], of: ledger.shards.shard(of: aggregateId)))
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

    /// Commits parts of several streams of one shard, all or none. Returns whether they are committed.
    func commitTogether(_ parts: [TailPart], of shard: Int) async throws -> Bool {
        do {
            try await ledger.dynamo.transact(try writes(parts, of: shard))
            return true
        } catch DynamoDBError.transactionCancelled {
            return false
        } catch let error as AWSError where error.code == "ValidationException" {
            return false
        } catch let error where error.isPassing {
            // Where it was carried out after all, the cursors say so when they are read again.
            return false
        }
    }

    private func writes(_ parts: [TailPart], of shard: Int) throws -> [Write] {
        try TailCommit.writes(parts, of: shard, from: source, ledger: ledger, target: targetNames, journal: journal)
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

    /// How far streams are, by stream; those that were never replicated by the tail have no cursor.
    func cursors(of streams: some Collection<String>) async throws -> [String: ReplicaCursor] {
        let keys = streams.map { ($0, ReplicaCursor.key(of: source, $0)) }
        let items = try await ledger.dynamo.batchGet(targetNames.cursors, keys: keys.map(\.1))
        let byKey = Dictionary(items.compactMap { item in item["consumer"].map { ($0, item) } }, uniquingKeysWith: { first, _ in first })
        return try keys.reduce(into: [:]) { cursors, key in
            guard let item = key.1["consumer"].flatMap({ byKey[$0] }) else { return }
            cursors[key.0] = try ReplicaCursor(item: item, from: source)
        }
    }

    /// The first cursor of a stream that may have been replayed.
    private func seed(_ backlog: StreamBacklog) async throws -> ReplicaCursor {
        let aggregateId = backlog.aggregateId
        let cutEpoch: Int
        if let known = backlog.cutEpoch {
            cutEpoch = known
        } else {
            cutEpoch = try await ledger.head(ledger.shards.shard(of: aggregateId)).cut?.epoch ?? 0
        }
        // The target is read first: a replicator that is faster makes the cursor's condition fail, not the numbers wrong.
        let last = try await targetReader.lastVersion(aggregateId)
        var seen = 0
        try await reader.backwards(aggregateId) { event in
            guard isReplicated(event, cutEpoch) else { return true }
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
