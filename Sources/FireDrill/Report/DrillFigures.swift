import Foundation

/// What a drill came to.
struct DrillFigures: Sendable, Encodable {
    struct Requests: Sendable, Encodable {
        var sent = 0
        var failed = 0
        /// After an answer of 429 or 5xx, or none: a worker was killed, or a fault outlasted its retries.
        var sentAgain = 0
    }
    struct Audits: Sendable, Encodable {
        var runs = 0
        var acknowledged = 0
        var lost = 0
        var duplicated = 0
        var versionGaps = 0
        var outOfOrder = 0
        var readModelMismatches = 0
        var leftovers = 0
    }
    struct Mails: Sendable, Encodable {
        var expected = 0
        var sent = 0
        var duplicated = 0
        var missing = 0
        var unexpected = 0
        /// Effects of which nobody knew whether they were done, by what the person found.
        var inDoubtAndSent = 0
        var inDoubtAndNotSent = 0
    }
    struct Command: Sendable, Encodable {
        /// How often it was needed.
        var needed = 0
        /// How many processes that took.
        var runs = 0
        var killed = 0
        var calls = 0
        /// How often a process ended with which status, kills apart.
        var statuses: [Int32: Int] = [:]
    }
    /// What came of killing a command at its calls, one by one.
    struct EveryCall: Sendable, Encodable {
        /// Of one undisturbed run.
        var calls = 0
        var kills = 0
        /// By the operation that it was killed at.
        var operations: Set<String> = []
        /// It had fewer calls this time.
        var missed = 0
        /// The same command again completed.
        var completed = 0
        /// The handover was aborted first.
        var abortedThenCompleted = 0
        /// More than one more run, for another reason.
        var later = 0
    }
    /// How much was asked for, and how much of it was done.
    struct Aim: Sendable, Encodable, Hashable {
        enum Unit: String, Sendable, Encodable {
            case cycles
            /// With `--every-call`.
            case kills
        }
        var unit = Unit.cycles
        var asked = 0
        var done = 0

        /// E.g. `4 of 10 cycles`.
        var text: String { "\(done) of \(asked) \(unit.rawValue)" }
    }
    struct FaultLine: Sendable, Encodable {
        var caller: String
        var kind: String
        var operation: String
        var count: Int
    }

    var seed: UInt64 = 0
    var seconds = 0.0
    var aim = Aim()
    /// What the seed decides; absent where nothing goes wrong by itself (`--every-call`).
    var plan: DrillPlan?
    var cycles = 0
    var clouds = 0
    var stories: [String: Int] = [:]
    var requests = Requests()
    var audit = Audits()
    var mails = Mails()
    var handovers: [HandoverFigures] = []
    var commands: [String: Command] = [:]
    var toolCalls = 0
    var functionCalls = 0
    var toolKills: [String: Int] = [:]
    var functionKills: [String: Int] = [:]
    var faults: [FaultLine] = []
    /// By command; empty unless every call was tried.
    var everyCall: [String: EveryCall] = [:]
    /// What ended the drill before its time; absent where all is well.
    var finding: String?
    var foundIn: String?

    /// Whether time ran out before all that was asked for was done.
    var isUnfinished: Bool { finding == nil && aim.done < aim.asked }

    /// What the drill ends with: 1, something was found; 4, nothing, but it can't be told of all that was asked for; 0, all is well.
    var exitCode: Int32 { finding != nil ? 1 : isUnfinished ? 4 : 0 }

    /// How it ended, in one line.
    var ending: String {
        if let foundIn { return "found in \(foundIn), after \(aim.text)" }
        return isUnfinished ? "unfinished: \(aim.text) when the time was over; nothing was found in them" : "\(aim.text), nothing was found"
    }

    /// One line of JSON.
    func line() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
