import EventStore
import Orchestrator

/// What `--format json` prints of a handover that came to nothing: the reason, as data. The exit code and stderr say it as well.
struct UnfinishedHandover: Encodable {
    enum Outcome: String, Encodable {
        /// Guardrails refuse it.
        case refused
        /// Read models differ.
        case differs
        /// Read models couldn't be compared, and had to be.
        case inconclusive
        /// It ended before its decision; nothing moved.
        case aborted
    }

    var outcome: Outcome
    var guardrails: [Guardrail]?
    var parity: ParityReport?
    var reason: String?

    /// `nil` where the error is of another kind.
    init?(_ error: any Error) {
        switch error {
        case let error as GuardrailsRefuse: (outcome, guardrails) = (.refused, error.guardrails)
        case let error as ParityDiffers: (outcome, parity) = (.differs, error.report)
        case let error as RecheckRefuses:
            (outcome, parity) = (error.figures.verdict == .mismatched ? .differs : .inconclusive, error.report)
        case let error as HandoverAborted: (outcome, reason) = (.aborted, error.record.reason ?? "its deadline passed")
        default: return nil
        }
    }
}
