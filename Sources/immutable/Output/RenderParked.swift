import EventStore
import Orchestrator

/// How a parked stream is written.
enum ParkedText {
    /// `r1 projector/order-summary at o-17@3 (OrderPaid), 2 tries since …: …`
    static func line(_ entry: Parking.Entry) -> String {
        let type = entry.event.map { " (\($0.type))" } ?? ""
        let tries = Figures.count(entry.attempts) + (entry.attempts == 1 ? " try" : " tries")
        return "\(entry.release) \(entry.consumer) at \(entry.position)\(type), \(tries) since \(Figures.time(entry.since)): \(entry.error)"
    }

    /// The options that name it.
    static func options(_ entry: Parking.Entry) -> String { "--consumer \(entry.consumer) --stream \(entry.aggregateId)" }
}

/// The parked streams of a stack.
struct ParkedAnswer: Answer {
    var stack: String
    var parked: [Parking.Entry]

    func text(_ style: Style) -> String {
        guard let first = parked.first else { return "no stream of \(stack) is parked" }
        var lines = [
            style.bold("\(Figures.count(parked.count, "stream")) of \(stack) parked") + ": a consumer stops there, all else goes on"
        ]
        lines += parked.map { "  \(ParkedText.line($0))" }
        lines.append("")
        lines.append("try again:         immutable parked \(stack) retry \(ParkedText.options(first))")
        lines.append("pass the event by: immutable parked \(stack) skip \(ParkedText.options(first)) --reason <text>")
        return lines.joined(separator: "\n")
    }
}

/// What came of trying parked streams again.
struct ParkedRetryAnswer: Answer {
    var stack: String
    var retries: [ParkedStreams.Retry]

    func text(_ style: Style) -> String {
        if retries.isEmpty { return "no stream of \(stack) is parked" }
        return retries.map { retry in
            let where_ = "\(retry.entry.release) \(retry.entry.consumer) at \(retry.entry.position)"
            return retry.passed
                ? style.green("✓ \(where_) went through") : style.red("✗ \(where_) stays parked: \(retry.error ?? retry.entry.error)")
        }.joined(separator: "\n")
    }
}

/// An event that was passed over, and how its stream goes on.
struct ParkedSkipAnswer: Answer {
    var skipped: SkippedEvent
    var then: ParkedStreams.Retry

    func text(_ style: Style) -> String {
        let what =
            "\(skipped.consumer) of \(skipped.release) passed over \(skipped.event.position) (\(skipped.event.type)): \(skipped.reason)"
        let rest =
            then.passed
            ? "the stream went on to its end" : style.red("the stream stops again: \(then.error ?? "its consumer did not say why")")
        return "\(what)\nrecorded as \(skipped.id), by \(skipped.by)\n\(rest)"
    }
}
