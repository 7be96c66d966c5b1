/// What tells projectors and reactors that there are new events.
public struct EventBus: Codable, Sendable, Hashable {
    /// Kinesis shards, at least 1.
    public var shards: Int
    /// Hours, 24 to 8,760 (Kinesis).
    public var retentionHours: Int

    public static func kinesis(shards: Int = 1, retention: BusRetention = .hours(24)) -> EventBus {
        EventBus(shards: shards, retentionHours: retention.hours)
    }
}
