import ArgumentParser
import Orchestrator

struct Unlock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say who holds a stack's lock since when, and free it. Asks once.",
        discussion: "A command that lost its lock stops at its next write. The lock of a command that is gone expires by itself.")

    @OptionGroup var argument: StackArgument
    @OptionGroup var confirmation: ConfirmationFlag

    func run() async throws {
        let stack = argument.stack
        let cloud = try await StackView.load(.connected(), stack).cloud
        guard let holder = try await StackLock.current(cloud.dynamo, stack) else {
            return Terminal.standardOutput.print("stack '\(stack)' is not locked")
        }
        let intent = """
            stack '\(stack)' is locked by \(holder.description).
            If that command still runs, it stops at its next write; the same command again goes on from there.
            """
        guard try await confirmation.question.ask("Free the lock?", showing: intent) else { throw Declined() }
        try await StackLock.remove(cloud.dynamo, stack, token: holder.token)
        Terminal.standardOutput.print("the lock of '\(stack)' is free")
    }
}
