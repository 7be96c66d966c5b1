import ArgumentParser
import EventStore
import Orchestrator

/// What this tool's exit codes mean. Scripts may rely on them.
enum ExitReason: Int32, CaseIterable {
    case done = 0
    /// Also: a question that was answered with no.
    case failed = 1
    /// `plan --detailed-exitcode` only.
    case changes = 2
    case parityDiffers = 3
    case inconclusive = 4
    case locked = 5
    case guardrailRefuses = 6
    case aborted = 7
    /// `EX_USAGE` of sysexits.h, which ArgumentParser uses as well.
    case usage = 64
    /// 128 + SIGINT, as shells count.
    case interrupted = 130

    /// The code of a command that ended with `error`.
    init(_ error: any Error) {
        self =
            switch error {
            case is ParityDiffers: .parityDiffers
            case let error as RecheckRefuses: ExitReason(error.figures.verdict)
            case is StackLocked, is LockLost: .locked
            case is GuardrailsRefuse, is StillOwner, is RemoveFirst: .guardrailRefuses
            case is HandoverAborted: .aborted
            case is QuestionWithoutTerminal, is NotWaivable, is ValidationError: .usage
            case is CancellationError: .interrupted
            case let error as HandoverUnsettled: ExitReason(error.cause)
            default: .failed
            }
    }

    /// The code of a comparison that came to an end.
    init(_ verdict: ParityReport.Verdict) {
        self =
            switch verdict {
            case .matched: .done
            case .mismatched: .parityDiffers
            case .inconclusive: .inconclusive
            }
    }

    var meaning: String {
        switch self {
        case .done: "done"
        case .failed: "failed, or a question was answered with no"
        case .changes: "there is something to deploy (plan --detailed-exitcode)"
        case .parityDiffers: "parity differs"
        case .inconclusive: "parity is inconclusive"
        case .locked: "another command holds the stack's lock"
        case .guardrailRefuses: "a guardrail refuses"
        case .aborted: "the handover was aborted before its decision, by its deadline or by what it says; nothing moved"
        case .usage: "usage; also a question without a terminal"
        case .interrupted: "interrupted"
        }
    }

    /// One line per code, for help texts.
    static var table: String {
        Columns.lines(allCases.map { ["  \($0.rawValue)", $0.meaning] }).joined(separator: "\n")
    }

    /// Ends the command with this code, what it printed being all there is to say.
    func end() throws {
        if self != .done { throw ExitCode(rawValue) }
    }
}
