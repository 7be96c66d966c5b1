import AWS
import EventSourcing

/// The progress item of a source shard: source totals and the contribution to each target shard, always changed together.
extension ShardProgress {
    static func key(of source: String, shard: Int) -> Item { ["consumer": .s(CursorKey.progress(of: source, shard: shard))] }

    /// Attributes `events`, `digest` and per target shard `t0017n`, `t0017d`.
    init(item: Item) {
        var targets: [Int: Totals] = [:]
        for name in item.keys where name.hasPrefix("t") && name.hasSuffix("n") {
            guard let shard = Int(name.dropFirst().dropLast()) else { continue }
            targets[shard] = Totals(item: item, events: name, digest: String(name.dropLast()) + "d")
        }
        self.init(source: Totals(item: item, events: "events", digest: "digest") ?? .zero, targets: targets)
    }

    /// The write that adds this to the item.
    func addition(to table: String, key: Item) -> Write {
        var terms = ["#events :events", "#digest :digest"]
        var values: Item = [":events": .int(source.events), ":digest": source.digestValue]
        for (shard, totals) in targets.sorted(by: { $0.key < $1.key }) {
            let name = "t\(ShardMap.key(shard))"
            terms += ["#\(name)n :\(name)n", "#\(name)d :\(name)d"]
            values[":\(name)n"] = .int(totals.events)
            values[":\(name)d"] = totals.digestValue
        }
        return .update(table, key, "ADD " + terms.joined(separator: ", "), values: values)
    }
}

/// Reads the progress of replication from one release into another.
public struct ProgressReader: Sendable {
    public let dynamo: any ItemStore
    /// The target release's cursors table.
    public let table: String
    public let source: String
    public let shards: ShardMap

    public init(dynamo: any ItemStore, table: String, source: String, shards: ShardMap) {
        self.dynamo = dynamo
        self.table = table
        self.source = source
        self.shards = shards
    }

    /// One consistent read of every shard's item, in the order of the shards.
    public func read() async throws -> [ShardProgress] {
        let items = try await dynamo.batchGet(table, keys: shards.all.map { ShardProgress.key(of: source, shard: $0) })
        var progress = Array(repeating: ShardProgress.zero, count: shards.count)
        for item in items {
            guard let shard = item["consumer"]?.string?.split(separator: "/").last.flatMap({ Int($0) }), shards.all.contains(shard)
            else { continue }
            progress[shard] = ShardProgress(item: item)
        }
        return progress
    }
}
