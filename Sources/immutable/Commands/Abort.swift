import ArgumentParser
import Orchestrator

struct Abort: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give the candidate up and remove all of it, however far it got.",
        discussion: "The live release doesn't notice. Doesn't ask: a candidate owns nothing, and deploy makes another.")

    @OptionGroup var argument: StackArgument

    func run() async throws {
        let release = try await AbortCommand(cloud: .connected(), stack: argument.stack, sink: ProgressView.sink).run()
        ProgressView.standard.end()
        Terminal.standardOutput.print("\(release) of \(argument.stack) was given up, and every resource of it removed")
    }
}
