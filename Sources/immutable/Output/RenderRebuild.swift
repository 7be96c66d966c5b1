import Orchestrator

extension RebuildReport: Answer {
    func text(_ style: Style) -> String {
        let title = style.bold("rebuild of \(readModel) of \(stack) \(release)")
        let lines = comparison?.asRebuilt(style) ?? []
        switch outcome {
        case .swapped:
            return ([title] + lines + [style.green("swapped") + ": \(table) serves, filled from the store"]).joined(separator: "\n")
        case .compared:
            return ([title + ": only compared"] + lines + ["nothing was changed: \(table) serves"]).joined(separator: "\n")
        case .abandoned: return title + ": given up; \(table) serves as before"
        }
    }
}

extension RebuildCommand.Intent {
    var question: String { "Let the new table of \(readModel) serve?" }

    func text(_ style: Style) -> String {
        ([style.bold("rebuild of \(readModel) of \(stack) \(release)")] + comparison.asRebuilt(style) + [
            "",
            "yes:   queries read \(to); \(from) is kept up to date until all of them do, then removed",
            "no:    \(to) is removed, nothing else was changed",
            "undo:  none needed: the projection and the store are the same, so a rebuild makes the same again",
        ]).joined(separator: "\n")
    }
}

extension ParityReport.ReadModel {
    /// Documents that differ, beyond which text only counts them.
    private static let shown = 10

    /// What was served against what the store makes.
    fileprivate func asRebuilt(_ style: Style) -> [String] {
        let count = Figures.count(documents, "document")
        if verdict == .matched { return ["  ✓  \(count), all served as the store makes them"] }
        var lines: [String] = []
        if differing > 0 {
            lines.append(
                style.yellow("  ✗  \(count), \(Figures.count(differing)) \(differing == 1 ? "is" : "are") not what the store makes"))
        }
        var rest = differences[...]
        var told = 0
        while told < Self.shown, let first = rest.first {
            let mine = rest.prefix { $0.document == first.document }
            lines += mine.map {
                "      \($0.document)  \($0.field): \($0.live ?? "nothing") (served), \($0.candidate ?? "nothing") (store)"
            }
            rest = rest.dropFirst(mine.count)
            told += 1
        }
        if differing > told { lines.append("      … \(Figures.count(differing - told)) more; --format json lists all") }
        if let reason { lines.append(style.yellow("  ?  \(reason)")) }
        return lines
    }
}
