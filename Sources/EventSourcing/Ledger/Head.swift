#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The one item of a shard that every append touches: it says who owns the writes.
public struct Head: Sendable, Hashable {
    public var shard: Int
    /// The release that owns the shard's writes.
    public var owner: String
    public var epoch: Int
    /// The totals of the owner's store.
    public var totals: Totals
    /// The release to which commits must also go, by the outbox.
    public var outbox: String?
    /// Present while appends are stopped for a handover.
    public var handover: HandoverMark?
    /// The last closed epoch.
    public var cut: Cut?

    public init(
        shard: Int, owner: String, epoch: Int, totals: Totals, outbox: String? = nil, handover: HandoverMark? = nil, cut: Cut? = nil
    ) {
        self.shard = shard
        self.owner = owner
        self.epoch = epoch
        self.totals = totals
        self.outbox = outbox
        self.handover = handover
        self.cut = cut
    }

    /// What a cut left behind: the closed epoch and the totals of all events up to it.
    public struct Cut: Sendable, Hashable {
        public var id: String
        public var epoch: Int
        public var totals: Totals

        public init(id: String, epoch: Int, totals: Totals) {
            self.id = id
            self.epoch = epoch
            self.totals = totals
        }
    }
}

/// The seal on a head: which handover stopped its appends, to whom the writes go, and until when it may take.
public struct HandoverMark: Sendable, Hashable {
    public var id: String
    public var to: String
    public var deadline: Date

    public init(id: String, to: String, deadline: Date) {
        self.id = id
        self.to = to
        self.deadline = deadline
    }
}
