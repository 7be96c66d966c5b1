import Orchestrator
import Traffic

extension DemoFigures: Answer {
    func text(_ style: Style) -> String {
        var rows: [[String]] = []
        rows.append(["requests", "\(Figures.count(requests.sent)) sent by concurrent clients, \(requests.failed) failed"])
        if let audit {
            let rest = "\(audit.lost) lost, \(audit.duplicated) duplicated, \(audit.readModelMismatches) read-model documents wrong"
            rows.append(["audit", "\(Figures.count(audit.acknowledged)) acknowledged commands: \(rest)"])
        }
        if let effects {
            let rest = "\(effects.duplicated) twice, \(effects.missing) missing, \(effects.unexpected) unexpected"
            rows.append(["emails", "\(Figures.count(effects.sent)) sent of \(Figures.count(effects.expected)) expected: \(rest)"])
        }
        if let replay {
            let rate = "\(Figures.count(Int(replay.eventsPerSecond))) events/s"
            rows.append([
                "replay", "\(Figures.count(replay.events, "event")) in \(Figures.seconds(replay.seconds)), \(rate), proven on every shard",
            ])
        }
        if let parity {
            rows.append([
                "parity",
                "\(parity.verdict.rawValue): \(Figures.count(parity.documents, "document")), coverage \(Figures.percent(parity.coverage))",
            ])
        }
        for (name, handover) in [("cutover", cutover), ("rollback", rollback)] {
            guard let handover else { continue }
            rows.append([name, "write pause \(Self.text(handover.writePauseMilliseconds)), by the clients' clock, over the watched shards"])
            rows.append([
                "", "added latency \(Self.text(handover.addedLatencyMilliseconds)); \(Figures.count(handover.writesTried)) writes tried",
            ])
        }
        rows.append(["provisioning", provision.seconds.map(Figures.seconds).joined(separator: ", then ") + " for a whole release"])
        rows.append(["manifest", "loaded in \(Figures.milliseconds(manifest.seconds * 1_000))"])
        if let artifact { rows.append(["artifact", artifact.text]) }
        rows.append(["memory", "\(Figures.megabytes(orchestrator.peakMemoryBytes)) at most, orchestrator and clients together"])
        var lines = ["", style.bold("In \(Figures.seconds(seconds))")] + Columns.lines(rows, indent: "  ") + [""]
        if problems.isEmpty {
            lines.append(
                style.green("✓") + " nothing lost, nothing twice, no request failed: deployed, cut over and rolled back under traffic")
        } else {
            lines += problems.map { style.red("✗") + " " + $0 }
        }
        return lines.joined(separator: "\n")
    }

    private static func text(_ values: Percentiles) -> String {
        "\(Figures.milliseconds(values.p50)) p50, \(Figures.milliseconds(values.p99)) p99, \(Figures.milliseconds(values.max)) max"
    }
}
