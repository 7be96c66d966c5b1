import EventSourcing
import EventStore
import Foundation

/// What a cutover or a rollback first does about the handover that is on record.
package enum HandoverResumption: Sendable, Hashable {
    /// Nothing is unfinished: the command begins, after seals that an aborted handover left are lifted.
    case begin(liftingSeals: Bool)
    /// It was begun, and not settled: the command goes on there.
    case finish(HandoverRecord)
    /// It was never decided, and its time is over: what was checked before it may no longer hold. It is aborted, and the command begins.
    case expire(HandoverRecord)

    /// - Parameters:
    ///   - current: the stack's latest handover.
    ///   - now: seals of a record that has a second left are not worth drawing.
    ///   - from: the state of the release that it takes the writes from; `nil` where that isn't on record. `to` likewise.
    /// Throws ``HandoverUnfinished`` where the record is another command's to finish.
    package static func next(
        for kind: HandoverRecord.Kind, current: HandoverRecord?, from: ReleaseRecord.State?, to: ReleaseRecord.State?, now: Date
    ) throws -> HandoverResumption {
        guard let record = current, record.state != .aborted, let from, let to else { return .begin(liftingSeals: true) }
        if record.state == .completed, to == .live, from != .live { return .begin(liftingSeals: false) }
        if record.state == .sealing, now > record.deadline.addingTimeInterval(-1) { return .expire(record) }
        guard record.kind == kind || record.state != .sealing else { throw HandoverUnfinished(record: record) }
        return .finish(record)
    }
}

extension HandoverResumption {
    /// Aborts a record whose time is over. Returns how the command goes on.
    package func expired(in handovers: HandoverStore) async throws -> HandoverResumption {
        guard case .expire(let record) = self else { return self }
        let ended = try await handovers.abort(record, because: "its deadline passed undecided; the command was run again")
        return ended.state == .aborted ? .begin(liftingSeals: true) : .finish(ended)
    }
}

extension Ledger {
    /// Lifts the seals whose handover has ended.
    package func liftEndedSeals(_ handovers: HandoverStore) async throws {
        let sealed = try await heads().filter { $0.handover != nil }
        for (id, heads) in Dictionary(grouping: sealed, by: { $0.handover?.id ?? "" }) {
            guard let record = try await handovers.record(id), record.state.hasEnded else { continue }
            for head in heads { try await unseal(head) }
        }
    }
}
