import Orchestrator

extension Receipt: Answer {
    /// How long writes waited.
    var pauseText: String {
        pauseMilliseconds > 0 ? Figures.milliseconds(pauseMilliseconds) : "for a time that an earlier process measured"
    }

    func text(_ style: Style) -> String {
        var lines = [style.bold("\(kind) done: \(to) owns the writes of \(stack), \(from) no longer does")]
        var rows = [["from → to", "\(from) → \(to)"]]
        rows.append([
            "totals",
            "\(Figures.count(fromTotals.events, "event")) of \(from), \(Figures.count(toTotals.events, "event")) of \(to), proven on every shard",
        ])
        rows.append(["pause", pauseMilliseconds > 0 ? "\(pauseText) (\(stepsText))" : "not known: an earlier process sealed"])
        if let parity {
            let share = coverage.map { ", coverage \(Figures.percent($0))" } ?? ""
            rows.append(["parity", "\(parity.rawValue), \(Figures.count(documents ?? 0, "document"))\(share)"])
            for (name, reason) in (unchecked ?? [:]).sorted(by: { $0.key < $1.key }) {
                rows.append(["", "\(name) not compared: \(reason)"])
            }
        }
        if let quarantine { rows.append(["quarantine", quarantine.summary]) }
        if let recheck {
            rows.append(["in the pause", recheck.summary])
        }
        if !guardrails.isEmpty {
            let waived = guardrails.filter(\.waived).map(\.name)
            let held = "\(guardrails.filter(\.holds).count) of \(guardrails.count) held"
            rows.append(["guardrails", waived.isEmpty ? held : "\(held); waived: \(waived.joined(separator: ", "))"])
        }
        rows.append(["receipt", id])
        lines += Columns.lines(rows, indent: "  ")
        lines.append("")
        if kind == "cutover" {
            lines.append("way back: immutable rollback \(stack)")
            lines.append("when sure: immutable retire \(stack)  (removes \(from), and with it the way back)")
        } else {
            lines.append("\(from) has given the writes back and is never cut over to again.")
            lines.append("next: immutable retire \(stack)  (removes \(from)), then deploy a release that is right")
        }
        return lines.joined(separator: "\n")
    }

    private var stepsText: String {
        ["seal", "drain", "compare", "decide", "promote"].compactMap { step in
            steps[step].flatMap { step == "compare" && $0 == 0 ? nil : "\(step) \(Figures.milliseconds($0))" }
        }.joined(separator: ", ")
    }
}

/// The receipt of a handover that was asked for once more.
struct AlreadyDone: Answer {
    var receipt: Receipt

    func encode(to encoder: any Encoder) throws { try receipt.encode(to: encoder) }

    func text(_ style: Style) -> String {
        let what = "\(receipt.kind) \(receipt.id) from \(receipt.from) to \(receipt.to), \(Figures.time(receipt.at))"
        return "already done: \(what). \(receipt.to) owns the writes of \(receipt.stack); nothing was changed"
    }
}

extension RecheckFigures {
    fileprivate var summary: String {
        let budget = Figures.milliseconds(budgetMilliseconds)
        return switch verdict {
        case .inconclusive: "inconclusive: what was touched last could not all be compared again (of \(budget)); the report says why"
        case .matched, .mismatched:
            "\(verdict.rawValue), \(Figures.count(documents, "document")) touched since, compared in \(Figures.milliseconds(milliseconds)) of \(budget)"
        }
    }
}
