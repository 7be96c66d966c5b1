#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The record of one handover; everyone who meets its seal acts on it alone.
public struct HandoverRecord: Sendable, Hashable {
    public enum Kind: String, Sendable, Codable {
        case cutover
        case rollback
    }

    public enum State: String, Sendable, Codable {
        /// Seals are being set and the tail drained. Followed by `promoting`, or `aborted` (also by anyone once the deadline has passed).
        case sealing
        /// The point of no return: every head goes to the new owner. Followed by `completed`.
        case promoting
        /// Every head has the new owner.
        case completed
        /// Every head stays with its owner.
        case aborted

        public var hasEnded: Bool { self == .completed || self == .aborted }
    }

    public var id: String
    public var kind: Kind
    public var from: String
    public var to: String
    public var state: State
    public var deadline: Date
    /// Each head's epoch when the record was made, by shard. An older or newer head is not this handover's.
    public var epochs: [Int]
    /// The totals of both sides by shard, from `promoting` on.
    public var fromTotals: [Totals]
    public var toTotals: [Totals]
    /// Whether the new owner's commits go back: not on a rollback, nor where the transform has no way back.
    public var keepsWayBack: Bool
    public var startedAt: Date
    public var endedAt: Date?
    /// Why it was aborted.
    public var reason: String?

    public init(
        id: String, kind: Kind, from: String, to: String, state: State = .sealing, deadline: Date, epochs: [Int], fromTotals: [Totals] = [],
        toTotals: [Totals] = [], keepsWayBack: Bool? = nil, startedAt: Date, endedAt: Date? = nil, reason: String? = nil
    ) {
        self.id = id
        self.kind = kind
        self.from = from
        self.to = to
        self.state = state
        self.deadline = deadline
        self.epochs = epochs
        self.fromTotals = fromTotals
        self.toTotals = toTotals
        self.keepsWayBack = keepsWayBack ?? (kind == .cutover)
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.reason = reason
    }

    /// How long a seal may last before anyone may abort it: 10 s.
    public static let timeLimit: TimeInterval = 10

    /// Where the new owner's commits also go, from the first write; `nil`: nothing is replicated any more.
    public var outboxAfter: String? { keepsWayBack ? from : nil }
}
