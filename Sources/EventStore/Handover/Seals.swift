import AWS
import EventSourcing

/// What a handover does to one head. Each is conditional on the record's epoch, so whoever slept through it can change nothing.
extension Ledger {
    /// Stops the appends of several shards in one transaction, at most ``changedTogether``: of all of them or, where a commit, a seal or another
    /// owner stands in its way on one, of none. Their heads tell, once every try has an answer.
    public func sealTogether(_ shards: some Sequence<Int>, for record: HandoverRecord) async throws {
        try await together(shards.map { sealing(of: $0, for: record) })
    }

    private func sealing(of shard: Int, for record: HandoverRecord) -> Write {
        .update(
            names.ledger, Head.key(shard), "SET #handover = :mark",
            if: "#owner = :from AND #epoch = :epoch AND attribute_not_exists(#handover)",
            values: [
                ":mark": HandoverMark(id: record.id, to: record.to, deadline: record.deadline).value, ":from": .s(record.from),
                ":epoch": .int(record.epochs[shard]),
            ])
    }

    /// Stops the shard's appends, and returns the head, whose totals are final from now on. A head that isn't `record.from`'s at the record's epoch
    /// throws ``OwnerChanged``; a foreign seal is removed first where its record has ended.
    @discardableResult
    public func seal(_ shard: Int, for record: HandoverRecord, handovers: HandoverStore) async throws -> Head {
        while true {
            do {
                if let sealed = try await change(sealing(of: shard, for: record)) { return try Head(item: sealed) }
                return try await head(shard)
            } catch DynamoDBError.conditionFailed(let item) {
                let head = try item.map(Head.init(item:))
                guard let head, head.owner == record.from, head.epoch == record.epochs[shard], let found = head.handover else {
                    let now: Head = if let head { head } else { try await self.head(shard) }
                    throw OwnerChanged(head: now, expected: record.from)
                }
                if found.id == record.id { return head }
                let other = try await handovers.record(found.id)
                if let other, !other.state.hasEnded { throw HandoverUnfinished(record: other) }
                try await unseal(head)
            }
        }
    }

    /// Gives the shard to the new owner: rule 5 of the handover. A shard that has moved on is left as it is.
    public func promote(_ shard: Int, by record: HandoverRecord) async throws {
        guard let promotion = promotion(of: shard, by: record) else { return }
        do {
            try await change(promotion)
        } catch DynamoDBError.conditionFailed {}
    }

    /// Promotes several shards in one transaction, at most ``changedTogether``: all of them or, where anyone was faster on one of them, none.
    public func promoteTogether(_ shards: some Sequence<Int>, by record: HandoverRecord) async throws {
        try await together(shards.compactMap { promotion(of: $0, by: record) })
    }

    private func together(_ changes: [Write]) async throws {
        guard !changes.isEmpty else { return }
        do {
            try await dynamo.transact(changes)
        } catch DynamoDBError.transactionCancelled {
        } catch let error where error.isPassing {}
    }

    private func promotion(of shard: Int, by record: HandoverRecord) -> Write? {
        guard record.state == .promoting, record.toTotals.indices.contains(shard) else { return nil }
        let totals = record.toTotals[shard]
        var expression = "SET #owner = :to, #epoch = #epoch + :one, #events = :n, #digest = :d"
        var values: Item = [
            ":to": .s(record.to), ":one": .int(1), ":n": .int(totals.events), ":d": totals.digestValue, ":from": .s(record.from),
            ":epoch": .int(record.epochs[shard]), ":id": .s(record.id),
        ]
        if let outbox = record.outboxAfter {
            expression += ", #outbox = :outbox REMOVE #handover"
            values[":outbox"] = .s(outbox)
        } else {
            expression += " REMOVE #handover, #outbox"
        }
        return .update(
            names.ledger, Head.key(shard), expression, if: "#owner = :from AND #epoch = :epoch AND #handover.#id = :id", values: values)
    }

    /// A plain write to a head loses against every transaction that is under way on it, and a busy head has one after the other: it is tried for
    /// about a second in all. One that got no answer in time has waited for longer by then.
    @discardableResult
    private func change(_ write: Write) async throws -> Item? {
        for _ in 0..<Self.changes - 1 {
            do { return try await dynamo.write(write) } catch let error where error.isPassing && !error.isTimeout {
                try await dynamo.clock.pause(milliseconds: 5...100)
            }
        }
        return try await dynamo.write(write)
    }

    private static var changes: Int { 20 }

    /// Lets the shard's appends go on with the owner it has.
    public func unseal(_ head: Head) async throws {
        guard let mark = head.handover else { return }
        do {
            try await change(
                .update(
                    names.ledger, Head.key(head.shard), "REMOVE #handover",
                    if: "#owner = :owner AND #epoch = :epoch AND #handover.#id = :id",
                    values: [":owner": .s(head.owner), ":epoch": .int(head.epoch), ":id": .s(mark.id)]))
        } catch DynamoDBError.conditionFailed {}
    }
}
