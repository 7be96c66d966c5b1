import Traffic

/// The figures of a drill, for people.
struct DrillReport: Sendable {
    let figures: DrillFigures
    let clients: Int

    var markdown: String {
        var lines = ["# Under fire: seed \(figures.seed)", ""]
        let minutes = Int(figures.seconds / 60)
        let stories = figures.stories.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        let made = stories.isEmpty ? figures.aim.text : "\(figures.aim.text) (\(stories))"
        let time = "\(minutes) min \(Int(figures.seconds) % 60) s"
        lines.append("\(made) on \(figures.clouds) local clouds in \(time), \(clients) clients.")
        lines.append("")
        if let finding = figures.finding {
            lines += ["**Found in \(figures.foundIn ?? "?"):**", "", "```", finding, "```", ""]
        } else if figures.isUnfinished {
            lines += ["**Unfinished: \(figures.aim.text) when the time was over.** Nothing was found in them.", ""]
        } else {
            lines += ["Nothing was found.", ""]
        }
        lines += Self.table(["audit", "figure"], audit)
        if !figures.everyCall.isEmpty {
            lines += ["", "## Every call", ""]
            lines += Self.table(
                [
                    "command", "AWS calls", "killed at", "operations", "completed when run again", "aborted, then completed",
                    "took more runs", "had fewer calls this time",
                ],
                figures.everyCall.sorted { $0.key < $1.key }.map { name, every in
                    [
                        name, "\(every.calls)", "\(every.kills)", "\(every.operations.count)", "\(every.completed)",
                        "\(every.abortedThenCompleted)", "\(every.later)", "\(every.missed)",
                    ]
                })
        }
        lines += ["", "## The write pause that clients saw", ""]
        lines += Self.table(
            [
                "handovers", "count", "pause p50", "p99", "max", "added to a write under way, worst handover's p50", "its p99", "its max",
            ],
            figures.handovers.map(Self.row))
        lines += ["", "## The tool", ""]
        lines += Self.table(
            ["command", "needed", "processes", "killed", "AWS calls", "exit codes of the others"],
            figures.commands.sorted { $0.key < $1.key }.map { name, command in
                let codes = command.statuses.sorted { $0.key < $1.key }.map { "\($0.key) ×\($0.value)" }.joined(separator: ", ")
                return [name, "\(command.needed)", "\(command.runs)", "\(command.killed)", "\(command.calls)", codes]
            })
        lines += ["", "## Kills", ""]
        lines += Self.table(["`kill -9` of the tool at an AWS call", "count"], Self.sorted(figures.toolKills))
        lines += [""]
        lines += Self.table(["`kill -9` of a function's process", "count"], Self.sorted(figures.functionKills))
        lines += ["", "## Faults", "", "Of \(figures.toolCalls) calls of the tool and \(figures.functionCalls) of the functions.", ""]
        for caller in Caller.allCases { lines += faults(of: caller) + [""] }
        if let plan = figures.plan {
            lines += ["## What seed \(figures.seed) decides", ""]
            lines += Self.plan(plan)
        }
        return lines.joined(separator: "\n").trimmingSuffix(while: \.isNewline) + "\n"
    }

    private var audit: [[String]] {
        let (audit, mails, requests) = (figures.audit, figures.mails, figures.requests)
        return [
            ["requests sent", "\(requests.sent)"], ["requests failed", "\(requests.failed)"],
            ["sent again after 429, 5xx or no answer", "\(requests.sentAgain)"],
            ["commands acknowledged", "\(audit.acknowledged)"], ["lost", "\(audit.lost)"], ["duplicated", "\(audit.duplicated)"],
            ["version gaps", "\(audit.versionGaps)"], ["out of order", "\(audit.outOfOrder)"],
            ["read-model documents wrong", "\(audit.readModelMismatches)"],
            ["resources left of releases that are gone", "\(audit.leftovers)"],
            ["mails expected", "\(mails.expected)"], ["mails sent", "\(mails.sent)"], ["mails missing", "\(mails.missing)"],
            ["mails twice", "\(mails.duplicated)"], ["mails that nothing calls for", "\(mails.unexpected)"],
            ["effects in doubt, resolved as a person would", "\(mails.inDoubtAndSent) sent, \(mails.inDoubtAndNotSent) not sent"],
        ]
    }

    /// A row for each operation, a column for each kind of fault.
    private func faults(of caller: Caller) -> [String] {
        let kinds = Fault.Kind.allCases.map(\.rawValue)
        let operations = Dictionary(grouping: figures.faults.filter { $0.caller == caller.rawValue }, by: \.operation)
        let rows = operations.map { operation, lines in (operation, lines, lines.reduce(0) { $0 + $1.count }) }
            .sorted { ($1.2, $0.0) < ($0.2, $1.0) }
            .map { operation, lines, _ in
                [operation] + kinds.map { kind in lines.first { $0.kind == kind }.map { "\($0.count)" } ?? "" }
            }
        return Self.table(["calls of \(caller == .tool ? "the tool" : "functions")"] + kinds, rows)
    }

    private static func sorted(_ counts: [String: Int]) -> [[String]] {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { [$0.key, "\($0.value)"] }
    }

    private static func milliseconds(_ values: [Double]?) -> [String] {
        guard let values else { return ["–", "–", "–"] }
        return values.map { "\(Int($0)) ms" }
    }

    private static func row(_ handovers: HandoverFigures) -> [String] {
        let kind = handovers.wasInterrupted ? "killed, aborted or run again between seal and flip" : "let through"
        var row = ["\(handovers.command.rawValue), \(kind)", "\(handovers.count)"]
        row += milliseconds(handovers.writePause.map { [$0.p50, $0.p99, $0.max] })
        row += milliseconds(handovers.addedLatency.map { [$0.p50, $0.p99, $0.max] })
        return row
    }

    static func table(_ head: [String], _ rows: [[String]]) -> [String] {
        guard !rows.isEmpty else { return [] }
        return ([head, head.map { _ in "---" }] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
    }
}
