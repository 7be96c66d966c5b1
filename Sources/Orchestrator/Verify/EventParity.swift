/// What a comparison of the candidate's events with the transformed live ones found.
public struct EventParity: Sendable, Hashable, Codable {
    /// Totals of one shard of the candidate.
    public struct Shard: Sendable, Hashable, Codable {
        public var shard: Int
        /// What the transform makes of the live events.
        public var expected: Int
        public var candidate: Int
    }

    /// A stream that differs, at its first event that does.
    public struct Stream: Sendable, Hashable, Codable {
        public var aggregateId: String
        /// The version at which the two part; 0 where an event is missing from a stream that several feed, so that arrival decides its place.
        public var version: Int
        /// The live event that it is made of, as `aggregateId@version`; absent where the candidate's event is no copy.
        public var source: String?
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
    /// Every stream in which a difference was found.
    public var differing: [Stream]
    /// Streams whose last events hadn't been replicated when the time was up, or live ones whose events can't be read or transformed.
    public var undecided: [String]
    /// By type, in how many live streams an event waits for a later one to become one event with: the candidate has nothing of it yet.
    public var waiting: [String: Int]?
    /// What differed in its totals at the first look and wasn't looked into, because enough was found: 10,000 events are looked at.
    public var notLookedInto: Rest?
    /// Why nobody can tell of the first of `undecided`, or of events that weren't compared.
    public var reason: String?

    /// Parts of the candidate that are told apart by their totals alone.
    public struct Rest: Sendable, Hashable, Codable {
        /// Of 4,096, or of as many as there are shards.
        public var slices: Int
        /// What these have together; most or all of them may be equal.
        public var events: Int
    }
}
