import AWS
import Foundation
import TestSupport

/// A `kill -9` of a handover: where it was aimed at, and where it struck.
struct Kill: Sendable, CustomStringConvertible {
    /// Where in a cutover. The first that a rerun meets in each is different.
    enum Phase: String, CaseIterable, Sendable {
        /// No handover is on record: guardrails are being checked.
        case beforeSeal
        /// Seals are being set, or the tail is drained.
        case sealing
        /// Decided, and heads are being given to the new owner.
        case promoting
        /// The new owner has every head; the domain and the records follow.
        case flipping
        /// Nothing was left to do.
        case done

        /// The line on stderr after which it is killed.
        func step(_ random: inout Seeded) -> String {
            switch self {
            case .beforeSeal: Bool.random(using: &random) ? "verify:" : "guardrails:"
            case .sealing: Bool.random(using: &random) ? "seal:" : "drain:"
            case .promoting: "promote:"
            case .flipping, .done: "flip:"
            }
        }

        /// How long after that line at most, in milliseconds.
        var spread: Int {
            switch self {
            case .beforeSeal: 400
            case .sealing: 60
            case .promoting, .flipping, .done: 80
            }
        }
    }

    var aim: Phase
    var struck: Phase
    var at: Date
    /// The last step that it told of.
    var lastStep: String
    /// In seconds: how long a write took that was under way then or later, where the clients were left to themselves.
    var longestWrite: Double?

    var description: String {
        "aimed at \(aim.rawValue), struck \(struck.rawValue) after '\(lastStep)', \(longestWrite.map(KillReport.seconds) ?? "run again at once")"
    }

    /// Runs a cutover and kills it, some milliseconds after it told of a step.
    static func strike(_ cloud: Cloud, at aim: Phase, _ random: inout Seeded) async throws -> Kill {
        let before = try await Handover.last(cloud)
        let step = aim.step(&random)
        let delay = Int.random(in: 0...aim.spread, using: &random)
        let child = try cloud.start(["cutover", "orders", "--yes"])
        do {
            try await until("a line '\(step)' or the end", every: .milliseconds(1)) { Self.told(child.errors, step) || !child.isRunning }
        } catch let error as WaiterError {
            child.kill()
            throw StuckCutover(waited: error, told: try await child.end().errors)
        }
        let moment = ContinuousClock.now + .milliseconds(delay)
        try await until("the moment of the kill, or the end", every: .milliseconds(1)) { .now >= moment || !child.isRunning }
        child.kill()
        let at = Date()
        let end = try await child.end()
        let now = try await Handover.last(cloud)
        let steps = end.errors.split(separator: "\n").compactMap { line in
            ["verify", "guardrails", "seal", "drain", "promote", "flip"].first { line.hasPrefix($0 + ":") }
        }
        let resumed = end.errors.contains("going on with cutover")
        let struck: Phase =
            if end.status != 128 + SIGKILL { .done } else if now == nil || (now?.id == before?.id && !resumed) { .beforeSeal } else {
                switch now?.state {
                case "sealing": .sealing
                case "promoting": .promoting
                case "completed": .flipping
                default: .done
                }
            }
        return Kill(aim: aim, struck: struck, at: at, lastStep: steps.last ?? "none")
    }

    private static func told(_ errors: String, _ step: String) -> Bool { errors.split(separator: "\n").contains { $0.hasPrefix(step) } }
}

/// A cutover that neither came to a step nor ended, with all that it told.
struct StuckCutover: Error, CustomStringConvertible {
    var waited: WaiterError
    var told: String

    var description: String { "\(waited):\n\(told)" }
}

/// The record of a handover, as it is in the control table.
struct Handover: Sendable, Equatable {
    var id: String
    var state: String

    /// The last that was begun: ids sort by time.
    static func last(_ cloud: Cloud) async throws -> Handover? {
        try await cloud.items("immutable-stack").compactMap { item in
            guard let id = item["item"]?.string, id.hasPrefix("cutover#"), let state = item["state"]?.string else { return nil }
            return Handover(id: id, state: state)
        }.max { $0.id < $1.id }
    }
}
