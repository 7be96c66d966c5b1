/// What a replay set aside of one shard: items of the source that are no events, and the events that follow one in its stream.
public struct SetAside: Sendable, Hashable {
    /// Those whose digest can be told.
    public var known: Totals
    /// The count of those whose digest can't be told: an attribute that it is made of is missing.
    public var unknown: Int

    public static let none = SetAside(known: .zero, unknown: 0)

    public init(known: Totals, unknown: Int) {
        self.known = known
        self.unknown = unknown
    }

    public var items: Int { known.events + unknown }

    public static func + (left: SetAside, right: SetAside) -> SetAside {
        SetAside(known: left.known + right.known, unknown: left.unknown + right.unknown)
    }
}

/// Whether what a replay read of a shard, and what it set aside, are all that the cut counted.
public enum CutAccount: Sendable, Hashable {
    /// Count and digest are equal. What was set aside was counted in full, or, never committed by an append, not at all.
    case exact
    /// The counts are equal, but the digest of what was set aside can't be told.
    case byCount
    case differs

    public init(cut: Totals, read: Totals, aside: SetAside) {
        if read == cut || read + aside.known == cut {
            self = .exact
            return
        }
        let missing = cut.events - read.events
        // All of it or none: where only some of what was set aside had been committed, what else is missing could hide among it.
        let isExplained = aside.unknown > 0 && (missing == aside.unknown || missing == aside.unknown + aside.known.events)
        self = isExplained ? .byCount : .differs
    }
}
