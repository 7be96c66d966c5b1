/// What a comparison of the candidate's events with the transformed live ones found.
public struct EventParity: Sendable, Hashable, Codable {
    /// Totals of one shard, over the streams that could be compared.
    public struct Shard: Sendable, Hashable, Codable {
        public var shard: Int
        /// What the transform makes of the live events.
        public var expected: Int
        public var candidate: Int
    }

    /// A stream that differs, at its first event that does.
    public struct Stream: Sendable, Hashable, Codable {
        public var aggregateId: String
        /// The version at which the two part.
        public var version: Int
        /// What parts them there, e.g. `data`, or `(event)` where one side has none.
        public var field: String
        /// Of the transformed live event, and of the candidate's. Absent where that side has no such event.
        public var expected: String?
        public var candidate: String?
    }

    /// Live streams compared.
    public var streams: Int
    /// Live events that were transformed.
    public var events: Int
    public var verdict: ParityReport.Verdict
    /// Every shard that differs.
    public var shards: [Shard]
    /// How many shards there are.
    public var shardCount: Int
    /// Every stream that differs.
    public var differing: [Stream]
    /// Streams whose last events hadn't been replicated when the time was up, or whose live events can't be read or transformed.
    public var undecided: [String]
    /// Why nothing was compared, or why nobody can tell of the first of `undecided`.
    public var reason: String?

    static func inconclusive(_ reason: String, shardCount: Int) -> EventParity {
        EventParity(
            streams: 0, events: 0, verdict: .inconclusive, shards: [], shardCount: shardCount, differing: [], undecided: [], reason: reason)
    }
}
