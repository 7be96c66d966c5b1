import EventSourcing
import Orchestrator

extension HandoverCommand.Intent {
    /// What is asked, without the answers.
    var question: String {
        switch kind {
        case .cutover: "Cut over \(stack) from \(from) to \(to)?"
        case .rollback: "Roll \(stack) back from \(from) to \(to)?"
        }
    }

    /// What will happen, what holds, what is safe, and how to undo it.
    func text(_ style: Style) -> String {
        let verb = kind == .cutover ? "cutover" : "rollback"
        let undo =
            switch kind {
            case .cutover: "immutable rollback \(stack)"
            case .rollback: "none: \(from) is never cut over to again. Deploy a new release instead"
            }
        var lines = [style.bold("\(verb) of \(stack): the writes go from \(from) to \(to)"), "", style.bold("what happens")]
        lines += [
            "  1. writes pause on every shard; requests wait, none fails",
            "  2. the last commits are copied and counted on both sides\(kind == .cutover ? ", and what they touch is compared" : "")",
            "  3. equal on every shard: \(to) owns the writes. Not equal within \(Int(HandoverRecord.timeLimit)) s: all stays with \(from)",
            "  4. the domain follows; what still reaches \(from) is forwarded",
        ]
        lines += ["", style.bold("guardrails")] + guardrails.lines(style)
        lines += [
            "", "safe:  until step 3 nothing has moved; killed at any moment, the same command goes on, or begins anew after 10 s",
            "undo:  \(undo)",
        ]
        return lines.joined(separator: "\n")
    }
}

extension [Guardrail] {
    /// A table, each with its figure.
    func lines(_ style: Style) -> [String] {
        let rows = map { [$0.holds ? "✓" : $0.waived ? "!" : "✗", $0.name, $0.figure + ($0.waived ? "  (waived)" : "")] }
        return zip(Columns.lines(rows, indent: "  "), self).map { line, rail in
            rail.holds ? line : rail.waived ? style.yellow(line) : style.red(line)
        }
    }
}

extension RetireCommand.Intent {
    var question: String { "Retire \(release) of \(stack)?" }

    func text(_ style: Style) -> String {
        var lines = [style.bold("retire \(release) of \(stack)") + ": it is removed with all its resources; \(live) is live and goes on"]
        lines.append("")
        lines.append("these tables go, with what is in them:")
        lines += tables.map { style.red("- \($0)") }.map { "  \($0)" }
        lines.append("")
        lines.append(
            endsRollback
                ? "undo:  none. From then on the writes can't go back: there is no rollback to \(release) any more"
                : "undo:  none, and nothing needs \(release): it gave the writes back, and \(live) has every event of it")
        return lines.joined(separator: "\n")
    }
}

/// What `destroy` is about to do.
struct DestroyIntent {
    var stack: String
    var account: String
    var region: String
    var releases: [String]

    var question: String { "Destroy \(stack) with everything it has?" }

    func text(_ style: Style) -> String {
        let held = releases.isEmpty ? "no release has resources any more" : "releases \(releases.joined(separator: ", "))"
        return """
            \(style.bold("destroy \(stack)")) in account \(account), region \(region): \(held)

            every event, read model, function, API, the ledger, the effect journal and the domain's mapping go.
            undo:  none
            """
    }
}
