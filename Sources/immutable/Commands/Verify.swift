import ArgumentParser
import Orchestrator

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare the candidate's read models with the live ones, while both work.",
        discussion: "Exits 0 where they are equal, 3 where they differ, 4 where that can't be told.")

    @OptionGroup var argument: StackArgument
    @OptionGroup var format: FormatOption

    func run() async throws {
        let view = try await StackView.load(.connected(), argument.stack)
        guard let live = view.live, let candidate = view.candidate else {
            throw NothingToVerify(stack: argument.stack, lacks: view.live == nil ? "live release" : "candidate")
        }
        guard candidate.replayed != nil else {
            throw NotProvenYet(stack: argument.stack, release: candidate.release, phase: candidate.phase)
        }
        ProgressView.sink(.step("verify", why: "\(candidate.release) is compared with \(live.release); nothing is changed"))
        let report = try await Verifier(view: view, live: live, candidate: candidate, sink: ProgressView.sink).run()
        try format.format.print(report)
        try ExitReason(report.verdict).end()
    }
}

/// A stack that has no two releases to compare.
struct NothingToVerify: Error, CustomStringConvertible {
    var stack: String
    var lacks: String

    var description: String {
        "stack '\(stack)' has no \(lacks) to compare.\nhint: `immutable deploy <dir>` prepares a candidate, `immutable status \(stack)` shows what there is"
    }
}

/// A candidate that has no read models yet.
struct NotProvenYet: Error, CustomStringConvertible {
    var stack: String
    var release: String
    var phase: DeploymentPhase

    var description: String {
        "the deployment of \(release) is at '\(phase.rawValue)': there is nothing to compare yet.\nhint: run `immutable deploy` again to finish it"
    }
}
