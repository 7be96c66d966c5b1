import ArgumentParser
import Orchestrator

struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what happened to a stack: its releases and handovers, with their receipts.")

    @OptionGroup var argument: StackArgument
    @OptionGroup var format: FormatOption

    func run() async throws {
        try format.format.print(try await HistoryReport.gather(.connected(), argument.stack))
    }
}
