import AWS
import EventSourcing

/// Appends commits for one release: the events, the shard's head and the outbox in one transaction.
public struct Appender: Sendable {
    public let ledger: Ledger
    public let release: String
    private let events: String
    private let heads = HeadCache()

    public init(ledger: Ledger, release: String) {
        self.ledger = ledger
        self.release = release
        events = ledger.names.release(release).events
    }

    /// One try to commit `commit`: the next events of one stream, numbered from its last version + 1. `epoch` and `origin` are set here.
    /// Throws ``CommitTooLarge``, and what the store throws where it can't be reached at all.
    public func append(_ commit: [StoredEvent]) async throws -> AppendOutcome {
        guard let first = commit.first else { return .appended }
        try AppendLimits.check(commit)
        let shard = ledger.shards.shard(of: first.aggregateId)
        let head = try await cachedHead(shard)
        if head.admits(release) != nil {
            // Never believed from a cache.
            let fresh = try await currentHead(shard)
            if let refusal = fresh.admits(release) { return refusal }
            return .stale(fresh)
        }
        let stamped = commit.map { event in
            var event = event
            event.epoch = head.epoch
            event.origin = release
            return event
        }
        do {
            try await ledger.dynamo.transact(writes(stamped, head: head))
            return .appended
        } catch DynamoDBError.transactionCancelled(let reasons) {
            return await adopt(try refusal(stamped, reasons).outcome(for: release))
        } catch let error as AWSError where error.isThrottling {
            return .contended
        } catch let error as AWSError where !error.isTransient {
            throw error
        } catch {
            return try await afterUnknownOutcome(first, error)
        }
    }

    /// Confirms that the stream ended at `version` while this release owned its shard in `head`'s epoch: an append of nothing, by which a refusal
    /// or an empty decision is true of the owner's stream. Two reads can't tell: a commit's items may become visible one after the other, so
    /// that the head is this release's already and the stream still lacks an event.
    ///
    /// Returns `appended` where it holds.
    public func confirm(_ aggregateId: String, endsAt version: Int, since head: Head) async throws -> AppendOutcome {
        if head.admits(release) != nil {
            // Never believed from a cache.
            let fresh = try await currentHead(head.shard)
            return fresh.admits(release) ?? .stale(fresh)
        }
        do {
            try await ledger.dynamo.transact([
                .check(events, ["aggregateId": .s(aggregateId), "version": .int(version + 1)], if: "attribute_not_exists(#aggregateId)"),
                .check(
                    ledger.names.ledger, Head.key(head.shard), if: Self.admission,
                    values: [":self": .s(release), ":epoch": .int(head.epoch)]),
            ])
            return .appended
        } catch DynamoDBError.transactionCancelled(let reasons) {
            if reasons.first?.code == "ConditionalCheckFailed" { return .conflict }
            let found = reasons.last?.code == "ConditionalCheckFailed" ? try reasons.last?.item.map(Head.init(item:)) : nil
            return await adopt(AppendRefusal(occupied: [], head: found).outcome(for: release))
        } catch let error as AWSError where !error.isThrottling && !error.isTransient {
            throw error
        } catch {
            // Nothing was to be written, so that an unknown outcome is none.
            try Task.checkCancellation()
            return .contended
        }
    }

    /// What makes a head this release's in an epoch.
    private static let admission = "#owner = :self AND #epoch = :epoch AND attribute_not_exists(#handover)"

    /// A consistent read of the head of a stream's shard.
    public func currentHead(of aggregateId: String) async throws -> Head {
        try await currentHead(ledger.shards.shard(of: aggregateId))
    }

    /// A consistent read of a shard's head.
    public func currentHead(shard: Int) async throws -> Head { try await currentHead(shard) }

    /// The head as this process saw it last; a consistent read where it never did.
    public func knownHead(of aggregateId: String) async throws -> Head {
        try await cachedHead(ledger.shards.shard(of: aggregateId))
    }

    private func writes(_ commit: [StoredEvent], head: Head) -> [Write] {
        let totals = Totals(of: commit)
        var writes = commit.map { Write.put(events, $0.item, if: "attribute_not_exists(#aggregateId)") }
        writes.append(
            .update(
                ledger.names.ledger, Head.key(head.shard), "ADD #events :n, #digest :d",
                if: Self.admission,
                values: [":n": .int(totals.events), ":d": totals.digestValue, ":self": .s(release), ":epoch": .int(head.epoch)]))
        if head.outbox != nil, let first = commit.first {
            let entry = OutboxItem.new(
                shard: head.shard, from: release, aggregateId: first.aggregateId, first: first.version, count: commit.count,
                clock: ledger.dynamo.clock)
            writes.append(.put(ledger.names.ledger, entry.full))
        }
        return writes
    }

    private func refusal(_ commit: [StoredEvent], _ reasons: [CancellationReason]) throws -> AppendRefusal {
        var occupied: [AppendRefusal.Occupied] = []
        for (event, reason) in zip(commit, reasons) where reason.code == "ConditionalCheckFailed" {
            occupied.append(.init(put: Self.identity(event), found: reason.item.flatMap(Self.identity)))
        }
        var head: Head?
        if reasons.count > commit.count, reasons[commit.count].code == "ConditionalCheckFailed" {
            head = try reasons[commit.count].item.map(Head.init(item:))
        }
        return AppendRefusal(occupied: occupied, head: head)
    }

    private func adopt(_ outcome: AppendOutcome) async -> AppendOutcome {
        switch outcome {
        case .handingOver(let head), .stale(let head): await heads.set(head)
        case .moved, .appended, .conflict, .contended: break
        }
        return outcome
    }

    /// The transaction may have been committed: only the first event can tell.
    private func afterUnknownOutcome(_ first: StoredEvent, _ error: any Error) async throws -> AppendOutcome {
        try Task.checkCancellation()
        let key: Item = ["aggregateId": .s(first.aggregateId), "version": .int(first.version)]
        guard let item = try await ledger.dynamo.getItem(events, key) else { return .contended }
        return Self.identity(item) == Self.identity(first) ? .appended : .conflict
    }

    private static func identity(_ event: StoredEvent) -> EventIdentity { EventIdentity(eventId: event.eventId, meta: event.meta) }

    private static func identity(_ item: Item) -> EventIdentity? {
        item["eventId"]?.string.map { EventIdentity(eventId: $0, meta: item["meta"]?.string ?? "") }
    }

    private func cachedHead(_ shard: Int) async throws -> Head {
        if let head = await heads.get(shard) { return head }
        return try await currentHead(shard)
    }

    private func currentHead(_ shard: Int) async throws -> Head {
        let head = try await ledger.head(shard)
        await heads.set(head)
        return head
    }
}

/// The heads as this process saw them last. Only the epoch and the outbox are taken from here, and every append checks the epoch.
private actor HeadCache {
    private var heads: [Int: Head] = [:]

    func get(_ shard: Int) -> Head? { heads[shard] }

    func set(_ head: Head) { heads[head.shard] = head }
}
