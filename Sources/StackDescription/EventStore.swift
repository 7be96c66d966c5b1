/// Where events are kept.
public struct EventStore: Codable, Sendable, Hashable {
    /// Continuous backups of the events table, from which any second of the last 35 days can be restored.
    public var pointInTimeRecovery: Bool
    /// How many shards the streams are spread over in the ledger, 1 to 1,000. Every append updates its shard's head.
    /// It is the stack's and can't be changed by a later release.
    public var ledgerShards: Int

    public static func dynamoDB(pointInTimeRecovery: Bool = true, ledgerShards: Int = 64) -> EventStore {
        EventStore(pointInTimeRecovery: pointInTimeRecovery, ledgerShards: ledgerShards)
    }
}
