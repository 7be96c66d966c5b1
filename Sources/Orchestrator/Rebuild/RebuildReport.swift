import EventStore

/// What came of a rebuild of one read model.
public struct RebuildReport: Sendable, Hashable, Codable {
    public enum Outcome: String, Sendable, Codable {
        /// The new table serves; the old one is removed.
        case swapped
        /// Only the comparison was asked for: the new table is removed, nothing else was changed.
        case compared
        /// It was given up: the new table is removed, nothing else was changed.
        case abandoned
    }

    public var stack: String
    public var release: String
    public var readModel: String
    /// The table that serves now.
    public var table: String
    public var outcome: Outcome
    /// What was served (`live`) against what the store makes (`candidate`); absent where an earlier process compared them.
    public var comparison: ParityReport.ReadModel?
}
