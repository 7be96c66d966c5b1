extension DrillReport {
    /// The plan: its rates, its stories, and what it has for the processes that there were.
    static func plan(_ plan: DrillPlan) -> [String] {
        var lines = rates(plan.rates)
        lines += [""]
        lines += table(
            ["cycle", "story", "kills of functions that were due", "that hit a process"],
            plan.cycles.map { cycle in
                let due = plan.functionKills.filter { $0.cycle == cycle.cycle }
                let hit = due.filter { $0.function != nil }
                return ["\(cycle.cycle)", cycle.story, "\(due.count)", "\(hit.count)"]
            })
        let killed = plan.toolRuns.filter { $0.kill != nil }
        lines += ["", "Of \(plan.toolRuns.count) processes of the tool it kills \(killed.count).", ""]
        lines += table(["process", "command", "run for the nth time", "killed at its AWS call", "moment", "came as far"], killed.map(row))
        return lines
    }

    private static func rates(_ rates: [DrillPlan.Rates]) -> [String] {
        let kinds = Fault.Kind.allCases.map(\.rawValue)
        let rows = rates.map { rates -> [String] in
            var row = [rates.caller]
            row += kinds.map { percent(rates.shares[$0] ?? 0) }
            row.append(rates.delayMilliseconds.map { "\($0)" }.joined(separator: " to ") + " ms")
            return row
        }
        return table(["share of the calls of"] + kinds + ["a delay takes"], rows)
    }

    private static func row(_ run: DrillPlan.ToolRun) -> [String] {
        guard let kill = run.kill else { return [] }
        return [
            "\(run.run)", run.command, "\(run.attempt)", "\(kill.call)", kill.moment.rawValue, run.wasStruck ? "yes" : "no",
        ]
    }

    /// E.g. `0.6 %`.
    private static func percent(_ share: Double) -> String { "\((share * 100_000).rounded() / 1_000) %" }
}
