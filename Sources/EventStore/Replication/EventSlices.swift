import EventSourcing

/// Deals the events of a release into slices, so that two releases can be held against each other by one total for each: by the shard of an event's
/// stream, and within it by the stream and the event's source.
public struct EventSlices: Sendable {
    private let shards: ShardMap
    private let perShard: Int

    /// The totals of this many take some 200 KB of an answer.
    private static let wanted = 4_096

    public init(_ shards: ShardMap) {
        self.shards = shards
        perShard = max(1, Self.wanted / shards.count)
    }

    public var count: Int { shards.count * perShard }

    public var shardCount: Int { shards.count }

    public func shard(of slice: Int) -> Int { slice / perShard }

    public func slice(of source: String, in stream: String) -> Int { slice(of: source, in: stream, on: shard(of: stream)) }

    /// FNV-1a, which is enough: nobody gains by events that fall into one slice.
    func slice(of source: String, in stream: String, on shard: Int) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func take(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        stream.utf8.forEach(take)
        take(0)
        source.utf8.forEach(take)
        return shard * perShard + Int(hash % UInt64(perShard))
    }

    func shard(of stream: String) -> Int { shards.shard(of: stream) }
}
