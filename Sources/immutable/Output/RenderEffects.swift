import Orchestrator

/// The effects in doubt of a stack.
struct EffectsAnswer: Answer {
    var stack: String
    var inDoubt: [EffectList.Doubt]

    func text(_ style: Style) -> String {
        guard let first = inDoubt.first else { return "no effect of \(stack) is in doubt" }
        var lines = [
            style.bold("\(Figures.count(inDoubt.count, "effect")) of \(stack) in doubt") + ": begun, and nobody knows whether done"
        ]
        let rows = inDoubt.map { [DoubtID.text($0), $0.type, "at \($0.position)", "since \(Figures.time($0.since))"] }
        lines += Columns.lines(rows, indent: "  ")
        lines.append("")
        lines.append("it was done:     immutable effects \(stack) --done \(DoubtID.text(first))")
        lines.append("it was not done: immutable effects \(stack) --retry \(DoubtID.text(first))")
        return lines.joined(separator: "\n")
    }
}
