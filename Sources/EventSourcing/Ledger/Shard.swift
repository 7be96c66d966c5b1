import Crypto
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The ledger shards of a stack: aggregates hash onto them.
public struct ShardMap: Sendable, Hashable {
    /// 1 to 1,000; fixed for a stack's life.
    public let count: Int

    public init(count: Int) { self.count = max(1, count) }

    /// The first 8 bytes, big-endian, of SHA-256(aggregateId) modulo the count.
    public func shard(of aggregateId: String) -> Int {
        let hash = SHA256.hash(data: Data(aggregateId.utf8)).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(hash % UInt64(count))
    }

    public var all: Range<Int> { 0..<count }

    /// The key of a shard in the ledger table: four digits.
    public static func key(_ shard: Int) -> String {
        let text = String(shard)
        return String(repeating: "0", count: max(0, 4 - text.count)) + text
    }
}
