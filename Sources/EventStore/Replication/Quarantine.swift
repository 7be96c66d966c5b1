import AWS
import EventSourcing

/// Moves what a replay can't copy aside: a record for each item in the candidate's cursors table, with the item itself.
enum Quarantine {
    /// An item of the cursors table has 400 KB as well: one that doesn't fit beside its record is only named.
    private static let bytes = 390_000

    /// The record of an item, the same on a rerun.
    static func record(of item: Item, key: String, reason: String, source: String) -> Item {
        var record: Item = ["consumer": .s(CursorKey.quarantine(of: source, key)), "key": .s(key), "reason": .s(reason)]
        if DynamoDB.size(of: item) <= bytes { record["item"] = .m(item) }
        return record
    }

    /// What keeps the tail from going on with a stream of which only the beginning was copied.
    static func mark(_ aggregateId: String, source: String, after version: Int) -> Item {
        ReplicaCursor.key(of: source, aggregateId).merging(["quarantined": .bool(true), "sourceVersion": .int(version)]) { _, new in new }
    }

    /// What the item counts for in its shard's totals; `nil` where it lacks an attribute that the digest is made of.
    static func counted(_ item: Item) -> StoredEvent? {
        guard let aggregateId = item["aggregateId"]?.string, let version = item["version"]?.int, let eventId = item["eventId"]?.string,
            let type = item["type"]?.string, let origin = item["origin"]?.string, let data = item["data"]?.string
        else { return nil }
        return StoredEvent(aggregateId: aggregateId, version: version, eventId: eventId, type: type, data: data, at: "", origin: origin)
    }
}

/// A stream of which a replay set a part aside: nothing more of it is replicated.
public struct QuarantinedStream: StreamFault, Sendable, CustomStringConvertible {
    public var aggregateId: String
    public var version: Int

    public var description: String {
        "the replay set all of stream '\(aggregateId)' after version \(version) aside, since an item there is no event: nothing more of it can be replicated. Mend the item, give the candidate up with `immutable abort`, and deploy again."
    }
}
