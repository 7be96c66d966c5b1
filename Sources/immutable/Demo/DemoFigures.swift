import Foundation
import Orchestrator
import Traffic

/// What a demo measured: the object of `--json`.
struct DemoFigures: Sendable, Encodable {
    struct Requests: Sendable, Encodable {
        var sent = 0
        var failed = 0
    }
    struct Manifest: Sendable, Encodable {
        /// The slower of the two.
        var seconds = 0.0
    }
    struct Provision: Sendable, Encodable {
        /// Of each release, in order.
        var seconds: [Double] = []
    }
    struct Replay: Sendable, Encodable {
        var events: Int
        var seconds: Double
        var eventsPerSecond: Double { seconds > 0 ? Double(events) / seconds : 0 }
    }
    struct Parity: Sendable, Encodable {
        var verdict: ParityReport.Verdict
        var documents: Int
        /// 0 to 1.
        var coverage: Double
    }
    struct Handover: Sendable, Encodable {
        var writePauseMilliseconds: Percentiles
        var addedLatencyMilliseconds: Percentiles
        var writesTried: Int
        var writesWhileSealed: Int
        /// From the first seal to the last promotion, by the orchestrator's clock.
        var sealedMilliseconds: Double
        /// What that time went into: seal, drain, compare, decide, promote.
        var stepsMilliseconds: [String: Double]

        init(_ pause: PauseFigures, _ receipt: Receipt) {
            writePauseMilliseconds = pause.writePauseMilliseconds
            addedLatencyMilliseconds = pause.addedLatencyMilliseconds
            writesTried = pause.writesTried
            writesWhileSealed = pause.writesWhileSealed
            sealedMilliseconds = receipt.pauseMilliseconds
            stepsMilliseconds = receipt.steps
        }
    }
    struct Audit: Sendable, Encodable {
        var acknowledged: Int
        var lost: Int
        var duplicated: Int
        var versionGaps: Int
        var readModelMismatches: Int
    }
    struct Effects: Sendable, Encodable {
        var expected: Int
        var sent: Int
        var duplicated: Int
        var missing: Int
        var unexpected: Int
    }
    struct Orchestrator: Sendable, Encodable {
        /// Of this process: orchestrator and clients.
        var peakMemoryBytes = 0
    }
    struct Phase: Sendable, Encodable {
        var phase: String
        var milliseconds: Percentiles
    }

    var seconds = 0.0
    var releases: [String] = []
    var manifest = Manifest()
    var artifact: ArtifactSummary?
    var provision = Provision()
    var requests = Requests()
    var writeLatency: [Phase] = []
    var replay: Replay?
    var parity: Parity?
    var cutover: Handover?
    var rollback: Handover?
    var audit: Audit?
    var effects: Effects?
    var orchestrator = Orchestrator()
    /// In words; empty where all is well.
    var problems: [String] = []

    mutating func traffic(_ report: TrafficReport) {
        requests = .init(sent: report.counts.sent, failed: report.counts.failed)
        writeLatency = report.latency.map { Phase(phase: $0.phase, milliseconds: $0.milliseconds) }
        if report.counts.failed > 0 {
            problems.append(Self.named("\(Figures.count(report.counts.failed, "request")) failed", report.failures))
        }
        if let parity, parity.verdict != .matched { problems.append("parity is \(parity.verdict.rawValue)") }
    }

    mutating func audited(_ report: AuditProgram.Report) {
        let (facts, mail) = (report.audit, report.effects)
        audit = .init(
            acknowledged: facts.acknowledged, lost: facts.lost, duplicated: facts.duplicated, versionGaps: facts.versionGaps,
            readModelMismatches: facts.readModelMismatches)
        effects = .init(
            expected: mail.expected, sent: mail.sent, duplicated: mail.duplicated, missing: mail.missing, unexpected: mail.unexpected)
        let found = [
            (facts.lost, "acknowledged command", "lost"), (facts.duplicated, "command", "carried out twice"),
            (facts.versionGaps, "stream", "with a gap"), (facts.readModelMismatches, "document", "wrong"),
        ].filter { $0.0 > 0 }.map { "\(Figures.count($0, $1)) \($2)" }
        if !found.isEmpty { problems.append(Self.named(found.joined(separator: ", "), facts.problems)) }
        let mails = [(mail.duplicated, "sent twice"), (mail.missing, "missing"), (mail.unexpected, "that nothing calls for")]
            .filter { $0.0 > 0 }.map { "\(Figures.count($0, "email")) \($1)" }
        if !mails.isEmpty { problems.append(Self.named(mails.joined(separator: ", "), mail.problems)) }
    }

    private static func named(_ what: String, _ examples: [String]) -> String {
        ([what] + examples.prefix(3).map { "  \($0)" }).joined(separator: "\n")
    }

    /// One line of JSON.
    func line() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
