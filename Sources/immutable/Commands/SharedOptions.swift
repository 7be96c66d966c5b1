import AWS
import ArgumentParser
import CredentialProcess
import Foundation
import Orchestrator

/// The stack that a command is about.
struct StackArgument: ParsableArguments {
    @Argument(help: "The stack's name, e.g. orders.")
    var stack: String
}

struct FormatOption: ParsableArguments {
    @Option(help: ArgumentHelp("How to print the result: text or json.", valueName: "text|json"))
    var format: OutputFormat = .text
}

/// How a command tells its progress, on stderr.
struct ProgressOption: ParsableArguments {
    enum Form: String, CaseIterable, ExpressibleByArgument {
        case text
        case json
    }

    @Option(
        help: ArgumentHelp("How to tell progress on stderr: text, or json: one object a line, also for the error.", valueName: "text|json"))
    var progress: Form = .text

    func use() {
        if progress == .json { ProgressView.standard.useJSON() }
    }
}

struct ConfirmationFlag: ParsableArguments {
    @Flag(help: "Don't ask. Without a terminal this is needed.")
    var yes = false

    var question: Question { Question(yes: yes) }
}

/// Guardrails that a person goes on without.
struct WaiverOption: ParsableArguments {
    @Option(
        name: .customLong("waive"),
        help: ArgumentHelp("Go on although this guardrail doesn't hold. May be repeated.", valueName: "guardrail"))
    var waived: [String] = []
}

/// Where a stack's sources are, and its built functions.
struct SourceOptions: ParsableArguments {
    @Argument(help: "The directory that has the stack's Stack.swift.")
    var directory: String

    @Option(help: ArgumentHelp("Take the functions from this folder of built products instead of building them.", valueName: "folder"))
    var products: String?
}

/// Who calls the workers of a replay.
struct EngineOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Who copies the events: this process (direct, the default), or AWS Step Functions, which goes on without it.",
            valueName: "direct|step-functions"))
    var engine: ReplayEngine?
}

extension ReplayEngine: ExpressibleByArgument {}

extension Cloud {
    /// The cloud that the environment names (AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL, …).
    static func connected() async throws -> Cloud {
        try await connect(.live(running: CredentialProcess.run), environment: ProcessInfo.processInfo.environment)
    }
}
