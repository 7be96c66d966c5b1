import ArgumentParser
import EventSourcing

struct Rollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hand the writes back to the release before. Asks once.",
        discussion: """
            The same handover in the other direction, as fast, and losing nothing: what was written since the cutover goes along. \
            A release that gave the writes back is never cut over to again.
            """)

    @OptionGroup var argument: StackArgument
    @OptionGroup var waiver: WaiverOption
    @OptionGroup var confirmation: ConfirmationFlag
    @OptionGroup var format: FormatOption

    func run() async throws {
        try await HandoverRecord.Kind.rollback.run(
            argument.stack, waived: waiver.waived, question: confirmation.question, format: format.format)
    }
}
