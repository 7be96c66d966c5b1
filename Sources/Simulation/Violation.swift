/// What must hold, whatever happens.
public enum Invariant: String, Sendable, Hashable, CaseIterable {
    case oneOwner = "one owner per shard at any time"
    case durable = "an acknowledged event is in the owner's store for ever"
    case contiguous = "no event twice, no version gap"
    case idempotent = "a command's id makes a retry harmless, and it gets the recorded answer"
    case truthful = "an answer without events was true of the owner's stream"
    case totals = "both sides' totals equal the heads' and progress figures"
    case effects = "each effect at most once, and at least once unless in doubt"
    case sealsEnd = "every seal ends"
    case readModels = "read models equal the fold of the events"
    case noRequestFails = "no request fails"
    case resumable = "the same command, run again, completes"
}

/// An invariant that a schedule broke.
public struct Violation: Sendable, Hashable, CustomStringConvertible {
    public var invariant: Invariant
    public var detail: String

    init(_ invariant: Invariant, _ detail: String) {
        self.invariant = invariant
        self.detail = detail
    }

    public var description: String { "\(invariant.rawValue): \(detail)" }
}
