/// What the time of a replay's worker went into, in seconds, and how its store answered.
public struct ReplayEffort: Sendable, Hashable, Codable {
    /// Waiting for scans and queries.
    public var reading = 0.0
    /// Waiting for writes, and for what was refused as too much.
    public var writing = 0.0
    /// Waiting for the allowance of write units.
    public var held = 0.0
    /// Waiting for projectors.
    public var projecting = 0.0
    /// What is left of the worker's time: decoding, transforming, encoding.
    public var transforming = 0.0
    /// Requests that the store refused in whole or in part as too much.
    public var refusals = 0
    /// Write units that an allowance was charged with; 0 without one.
    public var units = 0

    public init() {}
}
