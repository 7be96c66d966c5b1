import ArgumentParser
import Orchestrator

struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find streams that a projector or reactor has missed, and bring them in.",
        discussion: """
            Holds each consumer's cursors against the store, without reading events. What is behind is hinted at, and waited for: \
            a record that the bus dropped comes back. Exits 1 where something stays behind.
            """)

    @OptionGroup var argument: StackArgument

    @Flag(help: "Only look; exit 1 where something is behind.")
    var dryRun = false

    @OptionGroup var format: FormatOption

    func run() async throws {
        let report = try await AuditCommand(
            cloud: .connected(), stack: argument.stack, repairs: !dryRun, sink: ProgressView.sink
        ).run()
        try format.format.print(report)
        if !report.isSettled { try ExitReason.failed.end() }
    }
}
