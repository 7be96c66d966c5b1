import ArgumentParser
import Orchestrator

struct Retire: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove a release that owns nothing any more. Asks once.",
        discussion: "Waits until every effect of what was first committed in it is done, or with a person.")

    @OptionGroup var argument: StackArgument

    @Argument(help: "The release; without it, the one that was live before or gave the writes back.")
    var release: String?

    @OptionGroup var confirmation: ConfirmationFlag

    func run() async throws {
        let question = confirmation.question
        let retired = try await RetireCommand(cloud: .connected(), stack: argument.stack, release: release, sink: ProgressView.sink) {
            intent in
            try await question.ask(intent.question, showing: intent.text(Terminal.standardError.style))
        }.run()
        guard let retired else { throw Declined() }
        ProgressView.standard.end()
        Terminal.standardOutput.print("\(retired) of \(argument.stack) is retired: it owned nothing, and every resource of it is removed")
    }
}
