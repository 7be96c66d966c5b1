/// What a worker of a replay is asked to do: the payload of its function.
public struct ReplayOrder: Sendable, Hashable, Codable {
    public enum Pass: String, Sendable, Codable {
        /// Every event of a segment of the live events table, through the transform.
        case copy
        /// The streams of a segment of the staging table get their versions.
        case merge
        /// A segment of the new events table is read back and counted, and its streams go to the projectors.
        case prove
    }

    /// `copy` where it isn't said.
    public var pass: Pass?
    public var segment: Int
    public var total: Int
    /// How long to work before answering, in seconds.
    public var seconds: Double
    /// The write units that this segment may use each second; as many as the table takes where it isn't said.
    public var unitsPerSecond: Double?
    /// Whether items of the source that are no events are set aside; else they stop the pass.
    public var quarantine: Bool?

    public init(
        pass: Pass? = nil, segment: Int, total: Int, seconds: Double, unitsPerSecond: Double? = nil, quarantine: Bool? = nil
    ) {
        self.pass = pass
        self.segment = segment
        self.total = total
        self.seconds = seconds
        self.unitsPerSecond = unitsPerSecond
        self.quarantine = quarantine
    }
}

/// What a worker answers: how far its segment is, over all invocations.
public struct ReplayAnswer: Sendable, Hashable, Codable {
    public var finished: Bool
    /// Source events read so far; of the merging pass, events that got their version.
    public var events: Int
    public var pages: Int
    /// Of this invocation.
    public var effort: ReplayEffort?
    /// Batch writes that may be under way by now, and the most that may ever be.
    public var writers: Int?
    public var mostWriters: Int?
    /// Items of the source that were set aside so far; absent where there are none.
    public var setAside: Int?

    /// What a checkpoint by itself tells.
    public init(_ checkpoint: ReplayCheckpoint, of pass: ReplayOrder.Pass?) {
        writers = checkpoint.writers
        mostWriters = checkpoint.writers == nil ? nil : WriteFlow.mostWriters
        finished = checkpoint.finished
        events = pass == .merge ? checkpoint.staged.events : checkpoint.events
        pages = checkpoint.pages
        setAside = checkpoint.itemsSetAside > 0 ? checkpoint.itemsSetAside : nil
    }

    public init(_ step: ReplayStep, of order: ReplayOrder) {
        self.init(step.checkpoint, of: order.pass)
        effort = step.effort
        writers = step.writers
        mostWriters = step.mostWriters
    }
}
