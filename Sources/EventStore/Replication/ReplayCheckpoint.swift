import AWS
import EventSourcing

/// How far one segment of a replay got: written after the writes it covers, conditional on the one before.
public struct ReplayCheckpoint: Sendable, Hashable {
    /// The scan goes on after this key; `nil` at the start and at the end.
    public var resumeKey: Item?
    public var finished = false
    /// Pages covered: the condition of the next checkpoint.
    public var pages = 0
    /// Per source shard, what was read and what was meant to be written.
    public var progress: [Int: ShardProgress] = [:]
    /// Events for which `reverse(forward(e)) == e` was checked and held; and did not hold, by type.
    public var proven = 0
    public var unproven: [String: Int] = [:]
    /// What waits for its version in a merged stream, or got it. The digest is that of version 0.
    public var staged = Totals.zero
    /// The stream that was copied last, as a whole: what the next page still shows of it is passed over.
    var lastStream: String?

    /// Source events read so far.
    public var events: Int { progress.values.reduce(0) { $0 + $1.source.events } }

    init() {}

    public init(item: Item) {
        resumeKey = item["resumeKey"]?.map
        finished = item["finished"]?.bool ?? false
        pages = item["pages"]?.int ?? 0
        proven = item["proven"]?.int ?? 0
        unproven = (item["unproven"]?.map ?? [:]).compactMapValues(\.int)
        for (key, value) in item["progress"]?.map ?? [:] {
            if let shard = Int(key), let map = value.map { progress[shard] = ShardProgress(item: map) }
        }
        staged = Totals(item: item, events: "stagedEvents", digest: "stagedDigest") ?? .zero
        lastStream = item["lastStream"]?.string
    }

    mutating func add(_ trip: RoundTrip) {
        proven += trip.proven
        unproven.merge(trip.unproven, uniquingKeysWith: +)
    }

    func item(key: Item) -> Item {
        var item = key
        if let resumeKey { item["resumeKey"] = .m(resumeKey) }
        item["finished"] = .bool(finished)
        item["pages"] = .int(pages)
        item["proven"] = .int(proven)
        item["unproven"] = .m(unproven.mapValues { .int($0) })
        item["progress"] = .m(
            Dictionary(uniqueKeysWithValues: progress.map { (ShardMap.key($0), .m($1.attributes)) }))
        item["stagedEvents"] = .int(staged.events)
        item["stagedDigest"] = staged.digestValue
        if let lastStream { item["lastStream"] = .s(lastStream) }
        return item
    }
}

extension ShardProgress {
    /// The attributes that ``init(item:)`` reads.
    var attributes: Item {
        var item: Item = ["events": .int(source.events), "digest": source.digestValue]
        for (shard, totals) in targets {
            item["t\(ShardMap.key(shard))n"] = .int(totals.events)
            item["t\(ShardMap.key(shard))d"] = totals.digestValue
        }
        return item
    }
}
