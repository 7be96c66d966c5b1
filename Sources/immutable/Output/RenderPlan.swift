import Orchestrator

/// A plan, with what only this tool knows.
struct PlanAnswer: Answer {
    var report: PlanReport
    var candidate: CandidateState
    var artifact: ArtifactSummary
    /// As the person named it.
    var directory: String

    private enum ExtraKeys: String, CodingKey { case problems, candidate, artifact }

    /// The report's keys, and those above, side by side.
    func encode(to encoder: any Encoder) throws {
        var report = report
        report.wayBack = wayBack
        try report.encode(to: encoder)
        var container = encoder.container(keyedBy: ExtraKeys.self)
        try container.encode(problems, forKey: .problems)
        try container.encode(candidate, forKey: .candidate)
        try container.encode(artifact, forKey: .artifact)
    }

    /// What a rollback would find; nothing where there is nothing to deploy. What is proven is proven of the candidate's own sources.
    private var wayBack: WayBack? {
        guard var way = report.wayBack, candidate != .live else { return nil }
        if candidate == .other { (way.proven, way.unproven) = (nil, nil) }
        return way
    }

    /// Why it can't be deployed.
    var problems: [String] {
        if candidate == .live { return [] }
        guard candidate == .other else { return report.problems }
        return report.problems + [
            "\(report.release) is a candidate of other sources: `immutable cutover \(report.stack)` makes it live, `immutable abort \(report.stack)` gives it up"
        ]
    }

    func text(_ style: Style) -> String {
        let beside = report.live.map { "beside the live \($0), which goes on unchanged" } ?? "the first of a new stack"
        var lines = [style.bold("\(report.stack) \(report.release)") + ": \(beside)", "account \(report.account), region \(report.region)"]
        func section(_ title: String, _ content: [String]) {
            if !content.isEmpty { lines += ["", style.bold(title)] + content.map { "  \($0)" } }
        }
        let changes =
            report.changes.isEmpty ? ["no change in commands, read models, routes and reactors"] : report.changes.map(style.change)
        section(report.live.map { "changes from \($0)" } ?? "what it has", changes)
        let kinds = report.resources.sorted { $0.key < $1.key }
        let width = kinds.map { Figures.count($0.value).count }.max() ?? 0
        section(
            "resources to create",
            kinds.map { kind, number in
                let figure = Figures.count(number)
                return style.green("+ " + String(repeating: " ", count: width - figure.count) + figure + " " + Self.noun(kind, number))
            })
        if let live = report.live {
            var events = ["\(Figures.count(report.events, "event")) of \(live) to replay, transform: \(report.transform)"]
            if let back = wayBack?.line(to: live) { events.append("rollback: \(back)") }
            section("events", events)
        }
        if let estimate = report.estimate { section("replay, estimated for AWS", estimate.lines) }
        section("event types", Columns.lines(report.eventTypes.map { [$0.type, $0.verdict.rawValue, $0.reason] }, indent: ""))
        section("functions", [artifact.text])
        section("warnings", (report.warnings + (wayBack?.warnings ?? [])).map { style.yellow("! ") + $0 })
        section("problems", problems.map { style.red("✗ ") + $0 })
        lines.append("")
        lines.append("Nothing was changed" + closing)
        return lines.joined(separator: "\n")
    }

    private var closing: String {
        if !problems.isEmpty { return ", and this can't be deployed: see the problems." }
        switch candidate {
        case .ready:
            return ", and nothing would be: \(report.release) has these sources and is ready. Next: immutable cutover \(report.stack)"
        case .live:
            let live = report.live ?? "the live release"
            return ", and nothing needs to be: \(live) is live with these sources."
        case .unfinished: return ". `immutable deploy \(directory)` goes on with \(report.release), which has these sources."
        case .none, .other:
            return ". `immutable deploy \(directory)` does this; it can be run again, and given up with `immutable abort \(report.stack)`."
        }
    }

    private static func noun(_ kind: String, _ number: Int) -> String {
        let noun = kind == "api" ? "API" : kind
        if number == 1 { return noun }
        if noun.hasSuffix("s") || noun.hasSuffix("x") { return noun + "es" }
        return noun + "s"
    }
}
