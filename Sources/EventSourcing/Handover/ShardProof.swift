/// Whether one shard's events are all on the other side.
public struct ShardProof: Sendable, Hashable {
    public var shard: Int
    /// The sealed head's totals: what the owner holds.
    public var owner: Totals
    /// What was replicated of it.
    public var replicated: Totals

    public init(shard: Int, owner: Totals, replicated: Totals) {
        self.shard = shard
        self.owner = owner
        self.replicated = replicated
    }

    /// Equal totals are the proof; an outbox that merely looks empty proves nothing.
    public var holds: Bool { owner == replicated }

    /// `shard 0017: 41 of 42 events` or, with equal counts, that the digests differ.
    public var summary: String {
        let counts = "shard \(ShardMap.key(shard)): \(replicated.events) of \(owner.events) events"
        return owner.events == replicated.events && !holds ? counts + ", digests differ" : counts
    }
}

/// What replication did in one shard: source events and the contribution to each target shard, kept in one item.
public struct ShardProgress: Sendable, Hashable {
    public var source: Totals
    public var targets: [Int: Totals]

    public static let zero = ShardProgress(source: .zero, targets: [:])

    public init(source: Totals, targets: [Int: Totals]) {
        self.source = source
        self.targets = targets
    }

    /// `copies`: what came of the source event in the target.
    public mutating func add(source: StoredEvent, copies: some Sequence<StoredEvent>, on shards: ShardMap) {
        self.source.add(source)
        add(copies: copies, on: shards)
    }

    public mutating func add(copies: some Sequence<StoredEvent>, on shards: ShardMap) {
        for copy in copies { targets[shards.shard(of: copy.aggregateId), default: .zero].add(copy) }
    }

    public static func + (left: ShardProgress, right: ShardProgress) -> ShardProgress {
        ShardProgress(source: left.source + right.source, targets: left.targets.merging(right.targets, uniquingKeysWith: +))
    }

    /// The contributions of all shards to each target shard.
    public static func targetTotals(_ progress: [ShardProgress], count: Int) -> [Totals] {
        progress.reduce(into: Array(repeating: .zero, count: count)) { sum, shard in
            for (target, totals) in shard.targets where target < count { sum[target] += totals }
        }
    }
}
