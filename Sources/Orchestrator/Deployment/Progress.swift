/// What a command tells about its work, for the person or machine that watches.
public enum Progress: Sendable {
    /// A step begins: what it does and why it is safe.
    case step(String, why: String)
    /// Work inside a step: `done` of `total` (0 where unknown); of a replay with its figures.
    case count(String, done: Int, total: Int, ReplayFigures? = nil)
    case note(String)
    /// A step ended, with its figures.
    case done(String)
}

public typealias ProgressSink = @Sendable (Progress) -> Void
