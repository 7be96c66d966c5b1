import AWS
import EventSourcing

/// The ledger table of a stack: who owns the writes of each shard. Every change of a head is conditional on what it was.
public struct Ledger: Sendable {
    public let dynamo: any ItemStore
    public let names: StackNames
    public let shards: ShardMap
    /// Heads that one transaction seals or promotes at most, 1 to 100: DynamoDB takes no more items.
    public let changedTogether: Int

    public init(dynamo: any ItemStore, names: StackNames, shards: ShardMap, changedTogether: Int = 100) {
        self.dynamo = dynamo
        self.names = names
        self.shards = shards
        self.changedTogether = min(100, max(1, changedTogether))
    }

    /// A consistent read of one head. Throws ``NoHead`` where there is none.
    public func head(_ shard: Int) async throws -> Head {
        guard let item = try await dynamo.getItem(names.ledger, Head.key(shard)) else { throw NoHead(names: names, shard: shard) }
        return try Head(item: item)
    }

    /// A consistent read of every head, in the order of the shards.
    public func heads() async throws -> [Head] {
        let items = try await dynamo.batchGet(names.ledger, keys: shards.all.map(Head.key))
        let heads = try items.map(Head.init(item:)).sorted { $0.shard < $1.shard }
        for (shard, head) in zip(shards.all, heads) where shard != head.shard { throw NoHead(names: names, shard: shard) }
        guard heads.count == shards.count else { throw NoHead(names: names, shard: heads.count) }
        return heads
    }

    /// A consistent read of some heads, by shard.
    func heads(of shards: some Collection<Int>) async throws -> [Int: Head] {
        let items = try await dynamo.batchGet(names.ledger, keys: shards.map(Head.key))
        return try items.map(Head.init(item:)).reduce(into: [:]) { $0[$1.shard] = $1 }
    }

    /// Writes the first head of a shard; one that exists stays as it is. `fence` is checked in the same transaction.
    public func create(_ head: Head, fence: Write) async throws {
        let item: Item = [
            "shard": .s(ShardMap.key(head.shard)), "item": .s("head"), "owner": .s(head.owner), "epoch": .int(head.epoch),
            "events": .int(head.totals.events), "digest": head.totals.digestValue,
        ]
        while try await dynamo.getItem(names.ledger, Head.key(head.shard)) == nil {
            try await changeHead(.put(names.ledger, item, if: "attribute_not_exists(#shard)"), fence: fence)
        }
    }

    /// Closes the shard's epoch for `candidate`: afterwards its events are final, their totals are in the head, and every commit goes to the
    /// outbox too. A cut that was made stays as it is. `fence` is checked in the same transaction.
    public func cut(_ head: Head, id: String, candidate: String, fence: Write) async throws {
        var head = head
        while head.cut?.id != id {
            let update = Write.update(
                names.ledger, Head.key(head.shard),
                """
                SET #epoch = #epoch + :one, #outbox = :candidate, #cutId = :id, #cutEpoch = #epoch, #cutEvents = #events, #cutDigest = #digest
                """,
                if: "#owner = :owner AND #epoch = :epoch AND attribute_not_exists(#handover)",
                values: [
                    ":one": .int(1), ":candidate": .s(candidate), ":id": .s(id), ":owner": .s(head.owner), ":epoch": .int(head.epoch),
                ])
            let owner = head.owner
            try await changeHead(update, fence: fence)
            head = try await unsealed(head.shard)
            guard head.owner == owner else { throw OwnerChanged(head: head, expected: owner) }
        }
    }

    /// Ends replication to the counterpart: the outbox attribute goes, with a new epoch.
    public func removeOutbox(_ head: Head, fence: Write) async throws {
        var head = head
        while head.outbox != nil {
            let update = Write.update(
                names.ledger, Head.key(head.shard), "SET #epoch = #epoch + :one REMOVE #outbox",
                if: "#owner = :owner AND #epoch = :epoch AND attribute_not_exists(#handover)",
                values: [":one": .int(1), ":owner": .s(head.owner), ":epoch": .int(head.epoch)])
            try await changeHead(update, fence: fence)
            head = try await unsealed(head.shard)
        }
    }

    /// Removes the heads that `owner` has; another release's stay. `fence` is checked in the same transactions.
    public func removeHeads(of owner: String, fence: Write) async throws {
        let owned = try await heads(of: shards.all).values.filter { $0.owner == owner }
        let deletions = owned.map {
            Write.delete(
                names.ledger, Head.key($0.shard), if: "attribute_not_exists(#shard) OR #owner = :owner", values: [":owner": .s(owner)])
        }
        try await dynamo.delete(deletions, fence: fence)
    }

    /// Removes what is left of a shard's outbox. `release`: only what that one committed. `fence` is checked in the same transactions.
    public func clearOutbox(_ shard: Int, from release: String? = nil, fence: Write) async throws {
        while case let left = try await outbox(shard, from: release), !left.isEmpty {
            try await dynamo.delete(left.map { Write.delete(names.ledger, $0.key) }, fence: fence)
        }
    }

    /// The head without the seal of a handover that has ended; throws ``HandoverUnfinished`` where it goes on.
    private func unsealed(_ shard: Int) async throws -> Head {
        let head = try await self.head(shard)
        guard let mark = head.handover else { return head }
        if let record = try await HandoverStore(dynamo: dynamo, stack: names.stack).record(mark.id), !record.state.hasEnded {
            throw HandoverUnfinished(record: record)
        }
        try await unseal(head)
        return try await self.head(shard)
    }

    private func changeHead(_ update: Write, fence: Write) async throws {
        do {
            try await dynamo.transact([update, fence])
        } catch DynamoDBError.transactionCancelled(let reasons) {
            guard reasons.last?.code != "ConditionalCheckFailed" else { throw LockLost() }
            try await dynamo.clock.pause(milliseconds: 5...25)
        }
    }
}

/// A stack whose ledger lacks a head.
public struct NoHead: Error, Sendable, CustomStringConvertible {
    public var names: StackNames
    public var shard: Int

    public var description: String {
        "the ledger '\(names.ledger)' has no head for shard \(ShardMap.key(shard)): the stack's first deployment didn't finish. Run `immutable deploy` again."
    }
}

/// A head that another release took over in the meantime.
public struct OwnerChanged: Error, Sendable, CustomStringConvertible {
    public var head: Head
    public var expected: String

    public init(head: Head, expected: String) {
        self.head = head
        self.expected = expected
    }

    public var description: String {
        "shard \(ShardMap.key(head.shard)) is owned by \(head.owner), not by \(expected). Look at `immutable status`, then run the command that fits."
    }
}

/// The stack's lock is held by someone else by now.
public struct LockLost: Error, Sendable, CustomStringConvertible {
    public init() {}

    public var description: String {
        "this command lost the stack's lock: another one took it over. Nothing more was changed; see who holds it with `immutable status`."
    }
}
