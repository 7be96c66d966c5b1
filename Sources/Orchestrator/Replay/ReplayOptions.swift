/// What a person asks of a replay.
public struct ReplayOptions: Sendable, Hashable {
    /// The write units that the copy may use each second, over all its workers; `nil`: as many as the tables take.
    public var maxWriteUnits: Int?
    /// Whether items of the live events table that are no events are set aside; else they stop the replay.
    public var quarantines: Bool

    public init(maxWriteUnits: Int? = nil, quarantines: Bool = false) {
        self.maxWriteUnits = maxWriteUnits
        self.quarantines = quarantines
    }
}
