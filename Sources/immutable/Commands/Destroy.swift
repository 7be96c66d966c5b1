import ArgumentParser
import Orchestrator

struct Destroy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove a stack with everything it has: every release, every event. Asks once.")

    @OptionGroup var argument: StackArgument
    @OptionGroup var confirmation: ConfirmationFlag

    func run() async throws {
        let cloud = try await Cloud.connected()
        let (stack, question) = (argument.stack, confirmation.question)
        let destroyed = try await DestroyCommand(cloud: cloud, stack: stack, sink: ProgressView.sink) { releases in
            let intent = DestroyIntent(stack: stack, account: cloud.account, region: cloud.region, releases: releases)
            return try await question.ask(intent.question, showing: intent.text(Terminal.standardError.style))
        }.run()
        guard destroyed else { throw Declined() }
        ProgressView.standard.end()
        Terminal.standardOutput.print("\(stack) is gone, with everything it had")
    }
}
