import ArgumentParser
import Orchestrator

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a stack as it is now, and what is safe to do next.")

    @OptionGroup var argument: StackArgument
    @OptionGroup var format: FormatOption

    func run() async throws {
        try format.format.print(try await StatusReport.gather(.connected(), argument.stack))
    }
}
