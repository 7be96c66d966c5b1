import ArgumentParser
import EventSourcing
import Orchestrator

struct Cutover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hand the writes over to the candidate. Asks once.",
        discussion: """
            Checks every guardrail, pauses the writes for a moment, proves on every shard that nothing is missing, and promotes the \
            candidate. Requests wait meanwhile; none fails. Run again, it ends what was begun. Read models are compared as a whole where \
            the last comparison is older than 24 hours or found anything; otherwise only what was touched since is, and in the pause what \
            was touched since then. A difference aborts the handover.
            """)

    @OptionGroup var argument: StackArgument
    @Flag(help: "Compare the read models as a whole first, however fresh the last comparison is.")
    var compareAll = false

    @Option(help: ArgumentHelp("The longest that the comparison in the pause may take, 0 to 5000.", valueName: "milliseconds"))
    var recheckBudget = Int(RecheckOptions.defaultBudget / .milliseconds(1))

    @Flag(help: "Abort where that doesn't suffice; without it, the receipt says what wasn't compared again.")
    var requireRecheck = false

    @OptionGroup var waiver: WaiverOption
    @OptionGroup var confirmation: ConfirmationFlag
    @OptionGroup var format: FormatOption

    func validate() throws {
        guard (0...5_000).contains(recheckBudget) else {
            throw ValidationError("--recheck-budget is 0 to 5000 ms: a handover has 10 s in all")
        }
    }

    func run() async throws {
        try await HandoverRecord.Kind.cutover.run(
            argument.stack, waived: waiver.waived,
            recheck: RecheckOptions(comparesAll: compareAll, budget: .milliseconds(recheckBudget), isRequired: requireRecheck),
            question: confirmation.question, format: format.format)
    }
}
