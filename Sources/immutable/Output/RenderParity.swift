import Orchestrator

extension EventParity.Stream {
    /// `aggregateId@version`, and what it is made of where that is called otherwise.
    var place: String {
        let place = version > 0 ? "\(aggregateId)@\(version)" : aggregateId
        return source.map { $0 == place ? place : "\(place) (of \($0))" } ?? place
    }
}

extension EventParity {
    /// What the candidate has nothing of, since it waits for a later event.
    var waitingText: String? {
        guard let waiting else { return nil }
        let list = waiting.sorted { $0.key < $1.key }.map { "\(Figures.count($0.value)) '\($0.key)'" }.joined(separator: ", ")
        return "of \(list) the candidate has nothing: they wait for the event that they become one with"
    }
}

extension EventParity.Rest {
    var text: String {
        "\(Figures.count(slices, "more part")) of the candidate, with \(Figures.count(events, "event")), differed at the first look and weren't looked into: enough is listed"
    }
}

extension ParityReport: Answer {
    /// Documents and streams that differ, beyond which text only counts them.
    private static let shown = 10

    func text(_ style: Style) -> String {
        var lines = [style.bold("parity of \(stack)") + ": \(candidate) (candidate) against \(live) (live)"]
        let rows = readModels.map { [mark($0), $0.name, figures($0)] }
        // The mark is coloured after the columns are made: escape codes have no width.
        for (row, model) in zip(Columns.lines(rows, indent: "  "), readModels) {
            lines.append(coloured(row, model, style))
            lines += self.lines(of: model)
        }
        if let events {
            lines += self.lines(of: events, style)
            if let waiting = events.waitingText { lines.append("      \(waiting)") }
        }
        let verdictText =
            switch verdict {
            case .matched: style.green("matched")
            case .mismatched: style.red("mismatched: the \(events?.verdict == .mismatched ? "releases" : "read models") differ")
            case .inconclusive: style.yellow("inconclusive: it can't be told whether they are equal")
            }
        lines.append("\(verdictText); \(Figures.count(documents, "document")) compared, coverage \(coverageText)")
        return lines.joined(separator: "\n")
    }

    var coverageText: String { total == nil && coverage == 0 ? "unknown" : Figures.percent(coverage) }

    private func lines(of model: ReadModel) -> [String] {
        var lines: [String] = []
        let evidence = Dictionary(model.evidence.map { ($0.document, $0) }, uniquingKeysWith: { first, _ in first })
        var rest = model.differences[...]
        var documents = 0
        while documents < Self.shown, let first = rest.first {
            let mine = rest.prefix { $0.document == first.document }
            lines += mine.map {
                "      \($0.document)  \($0.field): \($0.live ?? "nothing") (live), \($0.candidate ?? "nothing") (candidate)"
            }
            if let evidence = evidence[first.document] { lines.append("        \(text(evidence))") }
            rest = rest.dropFirst(mine.count)
            documents += 1
        }
        if model.differing > documents { lines.append(more(model.differing - documents, "document")) }
        return lines
    }

    private func text(_ evidence: Evidence) -> String {
        func text(_ position: Position?) -> String {
            position.map { "revision \($0.revision)\($0.event.map { " by \($0)" } ?? "")" } ?? "nothing"
        }
        var made = evidence.events.isEmpty ? "" : "; made by \(evidence.events.joined(separator: ", "))"
        if let streams = evidence.streams, let first = streams.first {
            made += " (of '\(first)'\(streams.dropFirst().map { ", '\($0)'" }.joined()); others may touch it, too)"
        }
        if let note = evidence.note { made += "; what made it couldn't \(evidence.events.isEmpty ? "" : "all ")be asked for: \(note)" }
        return "live \(text(evidence.live)), candidate \(text(evidence.candidate))\(made)"
    }

    private func lines(of events: EventParity, _ style: Style) -> [String] {
        let figures = "\(Figures.count(events.events, "event")) of \(Figures.count(events.streams, "stream"))"
        switch events.verdict {
        case .matched: return ["  ✓  events  \(figures), all as the transform makes them, on \(events.shardCount) shards"]
        case .inconclusive:
            if let reason = events.reason {
                let count = events.undecided.isEmpty ? "" : "nobody can tell of \(Figures.count(events.undecided.count, "stream")), e.g. "
                return [style.yellow("  ?  events  \(figures), inconclusive: \(count)\(reason)")]
            }
            return [
                style.yellow(
                    "  ?  events  \(figures), inconclusive: \(Figures.count(events.undecided.count, "stream")) not replicated in time, e.g. '\(events.undecided.first ?? "?")'"
                )
            ]
        case .mismatched:
            let shards = "\(events.shards.count) of \(events.shardCount) shards"
            var lines = [style.red("  ✗  events  \(figures), \(Figures.count(events.differing.count, "stream")) of \(shards) differ")]
            lines += events.differing.prefix(Self.shown).map {
                "      \($0.place)  \($0.field): \($0.expected ?? "nothing") (expected), \($0.candidate ?? "nothing") (candidate)"
            }
            if events.differing.count > Self.shown { lines.append(more(events.differing.count - Self.shown, "stream")) }
            if let rest = events.notLookedInto?.text { lines.append("      \(rest)") }
            if !events.undecided.isEmpty {
                lines.append("      nobody can tell of \(Figures.count(events.undecided.count, "stream")), e.g. '\(events.undecided[0])'")
            }
            return lines
        }
    }

    private func more(_ count: Int, _ noun: String) -> String {
        "      … \(Figures.count(count)) more \(noun)\(count == 1 ? "" : "s"); immutable verify \(stack) --format html --output parity.html, or --format json, lists them"
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
        if model.expectation != "exact" { text += " (\(model.expectation))" }
        if let reason = model.reason { text += ": \(reason)" }
        return text
    }
}
