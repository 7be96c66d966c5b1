#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a participant that met a seal does about it.
public enum ParticipantStep: Sendable, Hashable {
    /// Look again after a short wait.
    case wait
    /// The record decided: promote this shard.
    case promote
    /// The record ended without this shard's promotion: remove the seal.
    case unseal
    /// The time for a decision is over: abort the record, then act on what became of it.
    case abort

    /// - Parameters:
    ///   - record: that of the head's seal; `nil` where there is none (any more), which means that it has ended.
    ///   - waited: how long the participant has met this very seal, in seconds. Whoever waited as long as a seal may last doesn't ask the clocks:
    ///     the orchestrator's may be ahead, or its own behind.
    public static func next(for mark: HandoverMark, record: HandoverRecord?, now: Date, waited: TimeInterval = 0) -> ParticipantStep {
        guard let record, record.id == mark.id else { return .unseal }
        switch record.state {
        case .promoting: return .promote
        case .completed, .aborted: return .unseal
        case .sealing: return now > record.deadline || waited > HandoverRecord.timeLimit ? .abort : .wait
        }
    }
}
