import AWS
import EventSourcing

/// How far one segment of a replay got: written after the writes it covers, conditional on the one before.
public struct ReplayCheckpoint: Sendable, Hashable {
    /// The scan goes on after this key; `nil` at the start and at the end.
    public var resumeKey: Item?
    public var finished = false
    /// Pages covered, those that were given up for smaller ones included: the condition of the next checkpoint.
    public var pages = 0
    /// Per source shard, what was read and what was meant to be written.
    public var progress: [Int: ShardProgress] = [:]
    /// Events for which `reverse(forward(e)) == e` was checked and held; and did not hold, by type.
    public var proven = 0
    public var unproven: [String: Int] = [:]
    /// What waits for its version in a merged stream, or got it. The digest is that of version 0.
    public var staged = Totals.zero
    /// What was set aside, by source shard, and the keys of the first of it.
    public var setAside: [Int: SetAside] = [:]
    public var setAsideKeys: [String] = []
    /// The stream that was copied last, as a whole: what the next page still shows of it is passed over.
    var lastStream: String?
    /// The stream that a worker was at, where its beginning alone is written.
    var open: OpenStream?
    /// Of all workers so far, for those who only look on.
    public var effort = ReplayEffort()
    /// What the next worker's ``WriteFlow`` and ``PageSize`` start with.
    var writers: Int?
    var allowedAt = 0.0
    var pageItems: Int?

    /// Source events read so far.
    public var events: Int { progress.values.reduce(0) { $0 + $1.source.events } }

    /// Items that were set aside so far.
    public var itemsSetAside: Int { setAside.values.reduce(0) { $0 + $1.items } }

    public static let keysShown = 20

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
        for (key, value) in item["setAside"]?.map ?? [:] {
            guard let shard = Int(key), let map = value.map else { continue }
            setAside[shard] = SetAside(
                known: Totals(item: map, events: "events", digest: "digest") ?? .zero, unknown: map["unknown"]?.int ?? 0)
        }
        setAsideKeys = item["setAsideKeys"]?.list?.compactMap(\.string) ?? []
        staged = Totals(item: item, events: "stagedEvents", digest: "stagedDigest") ?? .zero
        lastStream = item["lastStream"]?.string
        open = item["open"]?.map.flatMap(OpenStream.init(item:))
        effort = ReplayEffort(item: item["effort"]?.map ?? [:])
        writers = item["writers"]?.int
        allowedAt = item["allowedAt"]?.number.flatMap(Double.init) ?? 0
        pageItems = item["pageItems"]?.int
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
        if !setAside.isEmpty {
            item["setAside"] = .m(
                Dictionary(
                    uniqueKeysWithValues: setAside.map { shard, aside in
                        let map: Item = [
                            "events": .int(aside.known.events), "digest": aside.known.digestValue, "unknown": .int(aside.unknown),
                        ]
                        return (ShardMap.key(shard), .m(map))
                    }))
            item["setAsideKeys"] = .l(setAsideKeys.map { .s($0) })
        }
        item["stagedEvents"] = .int(staged.events)
        item["stagedDigest"] = staged.digestValue
        if let lastStream { item["lastStream"] = .s(lastStream) }
        item["effort"] = .m(effort.item)
        if let open { item["open"] = .m(open.item) }
        if let writers { item["writers"] = .int(writers) }
        if allowedAt > 0 { item["allowedAt"] = .n(String(allowedAt)) }
        if let pageItems { item["pageItems"] = .int(pageItems) }
        return item
    }
}

/// A stream that takes longer than from one checkpoint to the next, and how far it is written.
struct OpenStream: Sendable, Hashable {
    var aggregateId: String
    /// How many of its events are written: of the source stream, or of what was staged for a target.
    var version: Int
    /// The last one in the target stream of the same name.
    var targetVersion: Int
    /// Where a query of it goes on.
    var resumeKey: Item?
}

extension OpenStream {
    fileprivate init?(item: Item) {
        guard let aggregateId = item["aggregateId"]?.string, let version = item["version"]?.int else { return nil }
        self.init(
            aggregateId: aggregateId, version: version, targetVersion: item["targetVersion"]?.int ?? 0, resumeKey: item["resumeKey"]?.map)
    }

    fileprivate var item: Item {
        var item: Item = ["aggregateId": .s(aggregateId), "version": .int(version), "targetVersion": .int(targetVersion)]
        if let resumeKey { item["resumeKey"] = .m(resumeKey) }
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
