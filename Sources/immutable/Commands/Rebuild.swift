import ArgumentParser
import Orchestrator

struct Rebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fill a read model anew from the store, beside the one that serves, and swap them. Asks once.",
        discussion: """
            The release's own projection fills a second table, whole stream by whole stream, while the first one serves and both are kept up \
            to date. They are compared; what differs is shown before the new one serves, and the old one is then removed. Run again, it goes \
            on where it stopped. With --dry-run it exits 0 where what is served is what the store makes, 3 where it differs, 4 where that \
            can't be told.
            """)

    @OptionGroup var argument: StackArgument

    @Argument(help: "The read model, e.g. order-summary.")
    var readModel: String

    @Option(help: ArgumentHelp("The release; without it, the live one.", valueName: "release"))
    var release: String?

    @Flag(help: "Only compare: the new table is removed again.")
    var dryRun = false

    @Flag(help: "Give an unfinished rebuild up.")
    var abandon = false

    @OptionGroup var confirmation: ConfirmationFlag
    @OptionGroup var format: FormatOption

    func validate() throws {
        if dryRun, abandon { throw ValidationError("--dry-run and --abandon exclude each other") }
    }

    func run() async throws {
        let question = confirmation.question
        let mode: RebuildCommand.Mode = abandon ? .abandon : dryRun ? .compare : .swap
        let report = try await RebuildCommand(
            cloud: .connected(), stack: argument.stack, readModel: readModel, release: release, mode: mode, sink: ProgressView.sink,
            ready: { try question.require() }
        ) { intent in
            try await question.ask(intent.question, showing: intent.text(Terminal.standardError.style))
        }.run()
        if mode == .swap, report.outcome == .abandoned { throw Declined() }
        try format.format.print(report)
        if mode == .compare, let verdict = report.comparison?.verdict { try ExitReason(verdict).end() }
    }
}
