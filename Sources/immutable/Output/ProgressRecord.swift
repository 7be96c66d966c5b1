import Foundation
import Orchestrator

/// One line of `--progress json`: an object without line breaks. Later versions may add members.
struct ProgressRecord: Encodable {
    enum Kind: String, Encodable {
        case step, count, note, done, error
    }

    var kind: Kind
    /// The step that goes on.
    var step: String?
    /// Of a step, why it is safe; of a note, a step's end and an error, what is told.
    var text: String?
    /// Of a count: what is counted.
    var what: String?
    var done: Int?
    /// Absent where it isn't known.
    var total: Int?
    /// Of a replay's counts.
    var replay: ReplayFigures?
    /// Of an error.
    var exitCode: Int32?
    /// Since the command began.
    var seconds: Double

    init(_ kind: Kind, step: String? = nil, text: String, exitCode: Int32? = nil, at now: Double) {
        self.kind = kind
        self.step = step
        self.text = text
        self.exitCode = exitCode
        seconds = Self.rounded(now)
    }

    init(count what: String, done: Int, total: Int, _ replay: ReplayFigures?, step: String?, at now: Double) {
        kind = .count
        self.step = step
        self.what = what
        self.done = done
        self.total = total > 0 ? total : nil
        self.replay = replay.map { figures in
            var figures = figures
            figures.eventsPerSecond = figures.eventsPerSecond.map(Self.rounded)
            figures.secondsLeft = figures.secondsLeft.map(Self.rounded)
            return figures
        }
        seconds = Self.rounded(now)
    }

    private static func rounded(_ number: Double) -> Double { (number * 1_000).rounded() / 1_000 }

    var line: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return ((try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}") + "\n"
    }
}
