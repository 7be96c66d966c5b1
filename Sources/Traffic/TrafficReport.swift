/// The traffic up to now.
public struct TrafficCounts: Sendable, Hashable, Codable {
    public var sent = 0
    /// Writes that were carried out and acknowledged; a repeat isn't counted again.
    public var acknowledged = 0
    /// Requests without an answer or with another than the client's model says.
    public var failed = 0
    /// How often a request was sent again.
    public var sentAgain = 0
    public var inFlight = 0
}

/// What the clients did.
public struct TrafficReport: Sendable {
    public var counts: TrafficCounts
    /// What was wrong with the first requests that failed.
    public var failures: [String]
    /// Milliseconds that acknowledged writes took, by phase, in the order of the phases.
    public var latency: [(phase: String, milliseconds: Percentiles)]
    /// Orders that went all their way, oldest first, with their last version.
    public var finished: [(orderId: String, version: Int)]
}
