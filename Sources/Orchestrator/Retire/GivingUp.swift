import EventSourcing
import EventStore

/// Gives a candidate up under the stack's lock, however far it got, beside a live release. Every step can be done again.
package struct GivingUp: Sendable {
    let handovers: HandoverStore
    let removal: ReleaseRemoval

    package init(handovers: HandoverStore, removal: ReleaseRemoval) {
        self.handovers = handovers
        self.removal = removal
    }

    /// Throws ``HandoverUnfinished`` where the candidate owns the writes, or is about to.
    package func run(_ candidate: ReleaseRecord) async throws {
        try await endHandover()
        // Its command died before it could say so of the releases.
        if let record = try await handovers.current(), record.state == .completed, record.to == candidate.release {
            throw HandoverUnfinished(record: record)
        }
        try await removal.check(candidate.release)
        try await begin(candidate)
        try await removal.run(candidate, as: .aborted)
    }

    /// Gives a stack's first release up, to which no request came yet.
    /// - Parameter hasLedger: whether it came as far as to the ledger.
    func runFirst(_ candidate: ReleaseRecord, hasLedger: Bool) async throws {
        try await endHandover()
        try await begin(candidate)
        removal.sink(.step("disown", why: "no request ever reached \(candidate.release)"))
        // Heads that its activation had made already would keep the next release from owning them.
        if hasLedger { try await removal.ledger.removeHeads(of: candidate.release, fence: removal.lock.fence) }
        try await removal.removeResources(candidate, as: .aborted)
    }

    func endHandover() async throws {
        guard let record = try await handovers.current(), !record.state.hasEnded else { return }
        let ended = try await handovers.abort(record, because: "`immutable abort` was run")
        guard ended.state == .aborted else { throw HandoverUnfinished(record: ended) }
        for head in try await removal.ledger.heads() where head.handover?.id == ended.id { try await removal.ledger.unseal(head) }
    }

    /// From here on there is no way but to the end: nobody may hand the writes to a release that is no longer replicated to.
    func begin(_ candidate: ReleaseRecord) async throws {
        var candidate = candidate
        candidate.state = .aborting
        try await removal.releases.advance(candidate, fence: removal.lock.fence)
    }
}
