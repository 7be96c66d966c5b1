import ArgumentParser
import Orchestrator

struct Effects: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the effects in doubt, and say what became of them.",
        discussion: """
            An effect is in doubt where it was begun and nobody knows whether it was done: an email may have been sent or not. \
            Find out (from the recipient, from SES), then say so. It blocks nothing meanwhile.
            """)

    @OptionGroup var argument: StackArgument

    @Option(help: ArgumentHelp("It was done: nothing more happens. May be repeated.", valueName: "reactor/eventId"))
    var done: [String] = []

    @Option(help: ArgumentHelp("It wasn't: act again, now. May be repeated.", valueName: "reactor/eventId"))
    var retry: [String] = []

    @OptionGroup var format: FormatOption

    func validate() throws {
        if let both = done.first(where: retry.contains) { throw ValidationError("'\(both)' can't be both --done and --retry") }
    }

    func run() async throws {
        let view = try await StackView.load(.connected(), argument.stack)
        let list = EffectList(cloud: view.cloud, stack: argument.stack)
        let doubts = try await list.inDoubt()
        let named = try DoubtID.resolve(done + retry, among: doubts)
        for doubt in named {
            let resolution: EffectList.Resolution = done.contains(DoubtID.text(doubt)) ? .done : .retry
            let faults = try await list.resolve(doubt, resolution)
            let outcome = faults.first.map { "acting again failed, and is owed: \($0.error)" } ?? "acted again"
            Terminal.standardError.print("\(DoubtID.text(doubt)): \(resolution == .done ? "taken as done" : outcome)")
        }
        let left = named.isEmpty ? doubts : try await list.inDoubt()
        try format.format.print(EffectsAnswer(stack: argument.stack, inDoubt: left))
    }
}
