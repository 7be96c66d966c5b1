/// How fast a pass of a replay is, what holds it up, and how long it will take.
public struct ReplayFigures: Sendable, Hashable, Codable {
    /// What the passes' time mostly goes into.
    public enum Limit: String, Sendable, Codable, CaseIterable {
        case reading
        /// Decoding, transforming and encoding.
        case transform
        case writing
        /// The tables refuse requests as too much.
        case throttling
        /// The allowance of `--max-write-units`.
        case maxWriteUnits = "--max-write-units"
        case projectors
    }

    /// Over the last seconds; absent until there is something to measure.
    public var eventsPerSecond: Double?
    public var limitedBy: Limit?
    /// Until the candidate has caught up with the live release, its projections included: the rest of this pass, those that follow, and the
    /// tail's backlog with what will come meanwhile. Absent where that can't be told, or where more comes than is copied.
    public var secondsLeft: Double?
    /// Events committed since the cut: the tail's.
    public var backlog: Int?
    /// Batch writes that may be under way, and the most that ever may; where tables refused some lately.
    public var writers: Int?
    public var mostWriters: Int?
    /// Items of the source that were set aside; absent where there are none.
    public var setAside: Int?

    public init(
        eventsPerSecond: Double? = nil, limitedBy: Limit? = nil, secondsLeft: Double? = nil, backlog: Int? = nil, writers: Int? = nil,
        mostWriters: Int? = nil, setAside: Int? = nil
    ) {
        self.eventsPerSecond = eventsPerSecond
        self.limitedBy = limitedBy
        self.secondsLeft = secondsLeft
        self.backlog = backlog
        self.writers = writers
        self.mostWriters = mostWriters
        self.setAside = setAside
    }
}
