import ArgumentParser
import EventSourcing

struct Cutover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hand the writes over to the candidate. Asks once.",
        discussion: """
            Checks every guardrail, pauses the writes for a moment, proves on every shard that nothing is missing, and promotes the \
            candidate. Requests wait meanwhile; none fails. Run again, it ends what was begun.
            """)

    @OptionGroup var argument: StackArgument
    @OptionGroup var waiver: WaiverOption
    @OptionGroup var confirmation: ConfirmationFlag
    @OptionGroup var format: FormatOption

    func run() async throws {
        try await HandoverRecord.Kind.cutover.run(
            argument.stack, waived: waiver.waived, question: confirmation.question, format: format.format)
    }
}
