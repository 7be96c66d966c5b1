import ArgumentParser
import EventStore
import Orchestrator

struct Parked: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the streams that a consumer can't go on with; try them again, or pass an event by.",
        discussion: """
            A poisonous event stops its stream at one consumer, and all else goes on. `retry` hints at the streams again. `skip` lets \
            one consumer pass over exactly the event that it stops at, and keeps who did so, when and why; its effect on the read model \
            is then missing until a release with a mended projection is deployed.
            """)

    enum Action: String, CaseIterable, ExpressibleByArgument {
        case list, retry, skip
    }

    @OptionGroup var argument: StackArgument

    @Argument(help: ArgumentHelp("list, retry or skip.", valueName: "action"))
    var action: Action = .list

    @Option(help: ArgumentHelp("Only this consumer, e.g. projector/order-summary.", valueName: "consumer"))
    var consumer: String?

    @Option(help: ArgumentHelp("Only this stream.", valueName: "id"))
    var stream: String?

    @Option(help: ArgumentHelp("Only this release, where two have such a consumer.", valueName: "release"))
    var release: String?

    @Option(help: ArgumentHelp("Why the event is passed by; kept in the audit trail.", valueName: "text"))
    var reason: String?

    @OptionGroup var format: FormatOption

    func validate() throws {
        let hasReason = reason?.contains { !$0.isWhitespace } ?? false
        if action == .skip, consumer == nil || stream == nil || !hasReason {
            throw ValidationError("skip needs --consumer, --stream and --reason: it passes over one event")
        }
        if action != .skip, reason != nil { throw ValidationError("--reason belongs to skip") }
    }

    func run() async throws {
        let parked = ParkedStreams(view: try await StackView.load(.connected(), argument.stack))
        let entries = try await parked.entries(of: release).filter {
            $0.consumer == consumer ?? $0.consumer && $0.aggregateId == stream ?? $0.aggregateId
        }
        switch action {
        case .list: try format.format.print(ParkedAnswer(stack: argument.stack, parked: entries))
        case .retry:
            let retries = try await parked.retry(entries)
            try format.format.print(ParkedRetryAnswer(stack: argument.stack, retries: retries))
            if retries.contains(where: { !$0.passed }) { try ExitReason.failed.end() }
        case .skip:
            guard let entry = entries.first, entries.count == 1, let reason else {
                throw NoSuchParked(stack: argument.stack, stream: stream ?? "?", consumer: consumer ?? "?", found: entries)
            }
            let (skipped, then) = try await parked.skip(entry, reason: reason)
            try format.format.print(ParkedSkipAnswer(skipped: skipped, then: then))
            if !then.passed { try ExitReason.failed.end() }
        }
    }
}

/// A stream that isn't parked there, or at that consumer of two releases.
struct NoSuchParked: Error, CustomStringConvertible {
    var stack: String
    var stream: String
    var consumer: String
    var found: [Parking.Entry]

    var description: String {
        found.isEmpty
            ? "stream '\(stream)' isn't parked at '\(consumer)'. Nothing was changed.\nhint: `immutable parked \(stack)` lists what is"
            : "'\(stream)' is parked at '\(consumer)' of \(found.map(\.release).joined(separator: " and ")): say which with --release. Nothing was changed."
    }
}
