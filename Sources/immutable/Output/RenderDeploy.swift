import Orchestrator

/// What a deployment came to.
struct DeployAnswer: Answer {
    struct Replay: Encodable {
        var events: Int
        var seconds: Double
        var shards: Int
        /// Events that come back unchanged from the reverse transform.
        var reversible: Int
        /// Events that don't, by type.
        var irreversible: [String: Int]
        /// Whether the transform has a reverse at all.
        var hasWayBack: Bool
        /// Absent where nothing was set aside.
        var quarantine: ReplayQuarantine?
    }

    struct Imported: Encodable {
        var events: Int
        var streams: Int
        var seconds: Double
        var backwards: Int
        /// The first 1,000 of them.
        var refused: [HistoryImport.Refusal]
        var refusedLines: Int
    }

    var stack: String
    var release: String
    var state: String
    var phase: String
    /// The release that is live beside a candidate.
    var live: String?
    var domain: String
    var artifact: ArtifactSummary
    var replay: Replay?
    var imported: Imported?
    var parity: ParityReport?

    init(_ outcome: DeployCommand.Outcome, artifact: ArtifactSummary) {
        let record = outcome.record
        stack = record.stack
        release = record.release
        state = record.state.rawValue
        phase = record.phase.rawValue
        live = record.counterpart
        domain = record.manifest.api.domain
        self.artifact = artifact
        replay = record.replayed.map {
            Replay(
                events: $0.events, seconds: $0.seconds, shards: $0.totals.count, reversible: $0.proven, irreversible: $0.unproven,
                hasWayBack: $0.isReversible, quarantine: $0.quarantine)
        }
        imported = outcome.imported.map {
            Imported(
                events: $0.events, streams: $0.streams, seconds: $0.seconds, backwards: $0.backwards, refused: $0.refused,
                refusedLines: $0.refusedLines)
        }
        parity = outcome.parity
    }

    /// More refused lines than this are counted only.
    private static let refusedShown = 20

    func text(_ style: Style) -> String {
        var lines: [String] = []
        guard let live else {
            lines.append(style.bold("\(stack) \(release) is live") + " at \(domain)")
            lines += Columns.lines(importRows + [["functions", artifact.text]], indent: "  ")
            lines += refusedLines(style)
            return lines.joined(separator: "\n")
        }
        let verdict = parity?.verdict
        let headline = verdict == .matched ? "is ready to be cut over to" : "is deployed, and should not be cut over to as it is"
        lines.append(style.bold("\(stack) \(release) \(headline)") + "; \(live) is live, and was only read")
        lines += Columns.lines(replayRows + [["functions", artifact.text]], indent: "  ")
        if let parity {
            lines.append("")
            lines.append(parity.text(style))
        }
        lines.append("")
        switch verdict {
        case .matched?, nil:
            lines.append("next: immutable cutover \(stack)")
        case .mismatched?:
            lines.append("\(release) stays, and follows \(live), so that you can look at it.")
            lines.append("next: immutable abort \(stack), mend the projection or the transform, deploy again")
        case .inconclusive?:
            lines.append("\(release) stays, and follows \(live). Inconclusive is not equal: find out why before you go on.")
            lines.append("next: immutable verify \(stack)")
        }
        return lines.joined(separator: "\n")
    }

    private var importRows: [[String]] {
        guard let imported else { return [] }
        var row =
            "\(Figures.count(imported.events, "event")) of \(Figures.count(imported.streams, "stream")) in \(Figures.seconds(imported.seconds))"
        if imported.backwards > 0 { row += "; the time of \(Figures.count(imported.backwards)) runs backwards (kept in file order)" }
        return [["imported", row]]
    }

    private var replayRows: [[String]] {
        guard let replay else { return [] }
        let way: String
        if !replay.hasWayBack {
            way = "none: the transform isn't reversible"
        } else if replay.irreversible.isEmpty {
            way = "lossless: \(Figures.count(replay.reversible)) of \(Figures.count(replay.reversible, "event")) proven"
        } else {
            way = "would change " + replay.irreversible.sorted { $0.key < $1.key }.map { "\($0.key) ×\($0.value)" }.joined(separator: ", ")
        }
        return [
            [
                "replayed",
                "\(Figures.count(replay.events, "event")) in \(Figures.seconds(replay.seconds)), proven on \(replay.shards) of \(replay.shards) shards",
            ],
            ["way back", way],
        ] + (replay.quarantine.map { [["quarantine", $0.summary]] } ?? [])
    }

    private func refusedLines(_ style: Style) -> [String] {
        guard let imported, imported.refusedLines > 0 else { return [] }
        let (refused, count) = (imported.refused, imported.refusedLines)
        var lines = [
            style.yellow("! \(Figures.count(count, "line")) of the history file \(count == 1 ? "was" : "were") refused:")
        ]
        lines += refused.prefix(Self.refusedShown).map { "  line \($0.line): \($0.reason)" }
        if count > Self.refusedShown {
            lines.append("  … and \(Figures.count(count - Self.refusedShown)) more; --format json lists the first 1,000")
        }
        return lines
    }
}
