import AWS
import EventSourcing
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One commit that was not replicated yet.
public struct OutboxItem: Sendable, Hashable {
    public var shard: Int
    /// `outbox#<ulid>`: sorts by time.
    public var item: String
    /// The release that committed: a replicator takes only those of its source.
    public var from: String
    public var aggregateId: String
    /// The commit's first version and its count of events.
    public var first: Int
    public var count: Int

    public var last: Int { first + count - 1 }

    init(item: Item) throws {
        guard let shard = item["shard"]?.string.flatMap({ Int($0) }), let name = item["item"]?.string,
            let from = item["from"]?.string, let aggregateId = item["aggregateId"]?.string, let first = item["first"]?.int,
            let count = item["count"]?.int
        else { throw OddItem(item: item, attribute: "from, aggregateId, first, count") }
        self.init(shard: shard, item: name, from: from, aggregateId: aggregateId, first: first, count: count)
    }

    init(shard: Int, item: String, from: String, aggregateId: String, first: Int, count: Int) {
        self.shard = shard
        self.item = item
        self.from = from
        self.aggregateId = aggregateId
        self.first = first
        self.count = count
    }

    /// The entry of a commit at `first`, with a name of its own.
    static func new(shard: Int, from: String, aggregateId: String, first: Int, count: Int, clock: ClientClock) -> OutboxItem {
        OutboxItem(shard: shard, item: "outbox#\(ULID.next(clock))", from: from, aggregateId: aggregateId, first: first, count: count)
    }

    var key: Item { ["shard": .s(ShardMap.key(shard)), "item": .s(item)] }

    var full: Item {
        key.merging(["from": .s(from), "aggregateId": .s(aggregateId), "first": .int(first), "count": .int(count)]) { _, new in new }
    }
}

extension Ledger {
    /// The shard's commits that were not replicated yet, oldest first; at most about `limit`. `from`: only those of this release.
    public func outbox(_ shard: Int, from release: String? = nil, limit: Int = 1_000) async throws -> [OutboxItem] {
        var items: [Item] = []
        var startKey: Item?
        repeat {
            let page = try await dynamo.query(
                DynamoDB.QueryRequest(
                    table: names.ledger, keyCondition: "#shard = :shard AND begins_with(#item, :prefix)",
                    values: [":shard": .s(ShardMap.key(shard)), ":prefix": .s("outbox#")].merging(
                        release.map { [":from": .s($0)] } ?? [:]
                    ) { _, new in new }, filter: release == nil ? nil : "#from = :from",
                    limit: limit, startKey: startKey))
            items += page.items
            startKey = page.lastKey
        } while startKey != nil && items.count < limit
        return try items.map(OutboxItem.init(item:))
    }

    public func delete(_ items: [OutboxItem]) async throws {
        try await dynamo.batchDelete(names.ledger, keys: items.map(\.key))
    }
}

/// Universally unique, lexicographically sortable identifiers: 48 bits of milliseconds, 80 random bits, Crockford's base 32.
public enum ULID {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    public static func next(_ clock: ClientClock = .system) -> String {
        var value = UInt128(UInt64(max(0, clock.now().timeIntervalSince1970 * 1_000))) << 80
        value |= UInt128(clock.random() * 0x1p40) << 40 | UInt128(clock.random() * 0x1p40)
        var text = Array(repeating: UInt8(0), count: 26)
        for index in text.indices.reversed() {
            text[index] = alphabet[Int(value & 31)]
            value >>= 5
        }
        return String(decoding: text, as: UTF8.self)
    }
}
