import Orchestrator
import Synchronization
import Traffic

/// Tells a person what happens, on stderr.
final class DemoStory: Sendable {
    static let chapters = 7

    private let chapter = Mutex(0)
    private let start = ContinuousClock.now
    private let terminal = Terminal.standardError

    /// A chapter begins.
    func chapter(_ title: String, _ why: String) {
        let number = chapter.withLock { number in
            number += 1
            return number
        }
        ProgressView.standard.end()
        let clock = terminal.style.dim("  [\(Figures.seconds((ContinuousClock.now - start) / .seconds(1)))]")
        terminal.print("\n" + terminal.style.bold("\(number)/\(Self.chapters) \(title)") + clock)
        for line in why.split(whereSeparator: \.isNewline) { terminal.print("  " + line) }
    }

    func say(_ text: String) {
        ProgressView.standard.end()
        terminal.print("  " + text.split(separator: "\n").joined(separator: "\n  "))
    }

    /// How the traffic stands.
    func traffic(_ counts: TrafficCounts) {
        let failed = counts.failed == 0 ? terminal.style.green("0 failed") : terminal.style.red("\(counts.failed) failed")
        say(
            "traffic: \(Figures.count(counts.sent - counts.inFlight)) requests answered, \(Figures.count(counts.acknowledged)) events, "
                + failed)
    }
}
