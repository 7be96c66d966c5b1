import Orchestrator

extension ParityReport: Answer {
    /// More differences of a read model than this are counted only.
    private static let shown = 10

    func text(_ style: Style) -> String {
        var lines = [style.bold("parity of \(stack)") + ": \(candidate) (candidate) against \(live) (live)"]
        let rows = readModels.map { [mark($0), $0.name, figures($0)] }
        // The mark is coloured after the columns are made: escape codes have no width.
        for (row, model) in zip(Columns.lines(rows, indent: "  "), readModels) {
            lines.append(coloured(row, model, style))
            lines += model.differences.prefix(Self.shown).map { difference in
                "      \(difference.document)  \(difference.field): \(difference.live ?? "nothing") (live), \(difference.candidate ?? "nothing") (candidate)"
            }
            if model.differences.count > Self.shown {
                lines.append(
                    "      … \(Figures.count(model.differences.count - Self.shown)) more differences; immutable verify \(stack) --format json lists those of 100 documents"
                )
            }
        }
        let verdictText =
            switch verdict {
            case .matched: style.green("matched")
            case .mismatched: style.red("mismatched: the read models differ")
            case .inconclusive: style.yellow("inconclusive: it can't be told whether they are equal")
            }
        lines.append("\(verdictText); \(Figures.count(documents, "document")) compared, coverage \(Figures.percent(coverage))")
        return lines.joined(separator: "\n")
    }

    private func mark(_ model: ReadModel) -> String {
        if model.unchecked { return "·" }
        return switch model.verdict {
        case .matched: "✓"
        case .mismatched: "✗"
        case .inconclusive: "?"
        }
    }

    private func coloured(_ line: String, _ model: ReadModel, _ style: Style) -> String {
        if model.unchecked { return style.dim(line) }
        return switch model.verdict {
        case .matched: line
        case .mismatched: style.red(line)
        case .inconclusive: style.yellow(line)
        }
    }

    private func figures(_ model: ReadModel) -> String {
        if model.unchecked { return "not compared: \(model.reason ?? "the manifest says so")" }
        var text = "\(Figures.count(model.documents, "document")), "
        switch model.verdict {
        case .matched: text += "all equal"
        case .mismatched: text += "\(Figures.count(model.differing)) differ\(model.differing == 1 ? "s" : "")"
        case .inconclusive: text += "inconclusive"
        }
        if let reason = model.reason { text += ": \(reason)" }
        return text
    }
}
