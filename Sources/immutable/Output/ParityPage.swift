import Orchestrator

/// A parity report as one HTML page that needs nothing else: no other file, no network. Without scripts only the search is missing.
struct ParityPage {
    let report: ParityReport

    var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
        <title>Parity of \(HTML.escape(report.stack)): \(report.verdict.rawValue)</title>
        <style>\(ParityPageAssets.style)</style>
        </head>
        <body>
        <header>
        <h1>Parity of \(HTML.isolated(report.stack))</h1>
        <p>\(HTML.isolated(report.candidate)) (candidate) against \(HTML.isolated(report.live)) (live)\(at)</p>
        <p class="verdict \(report.verdict.rawValue)">\(Self.mark(report.verdict)) \(Self.sentence(report.verdict))</p>
        </header>
        <main>
        \(summary)
        \(search)
        \(report.readModels.map(section).filter { !$0.isEmpty }.joined(separator: "\n"))
        \(report.events.map(section) ?? "")
        </main>
        <footer>immutable \(immutableVersion)</footer>
        <script>\(ParityPageAssets.script)</script>
        </body>
        </html>

        """
    }

    private var at: String {
        report.at.isEmpty ? "" : ", <time datetime=\"\(HTML.escape(report.at))\">\(HTML.escape(Figures.time(report.at))) UTC</time>"
    }

    private static func mark(_ verdict: ParityReport.Verdict) -> String {
        switch verdict {
        case .matched: "✓"
        case .mismatched: "✗"
        case .inconclusive: "?"
        }
    }

    private static func sentence(_ verdict: ParityReport.Verdict) -> String {
        switch verdict {
        case .matched: "matched"
        case .mismatched: "mismatched: the releases differ"
        case .inconclusive: "inconclusive: it can’t be told whether they are equal"
        }
    }

    private var summary: String {
        let rows = report.readModels.map { model in
            let state = model.unchecked ? "unchecked" : model.verdict.rawValue
            let mark = model.unchecked ? "·" : Self.mark(model.verdict)
            return """
                <tr class="\(state)"><th scope="row">\(HTML.isolated(model.name))</th><td>\(mark) \(model.unchecked ? "not compared" : state)</td>\
                <td class="n">\(Figures.count(model.documents))</td><td class="n">\(Figures.count(model.differing))</td>\
                <td>\(HTML.escape(model.expectation))\(model.reason.map { ": \(HTML.isolated($0))" } ?? "")</td></tr>
                """
        }
        return """
            <table class="summary">
            <caption>\(Figures.count(report.documents, "document")) compared, coverage \(report.coverageText)</caption>
            <thead><tr><th scope="col">read model</th><th scope="col">verdict</th><th scope="col" class="n">documents</th>\
            <th scope="col" class="n">differ</th><th scope="col">expected</th></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table>
            """
    }

    private var search: String {
        guard report.readModels.contains(where: { !$0.differences.isEmpty }) || report.events?.differing.isEmpty == false else { return "" }
        return """
            <p class="search" hidden><label for="q">Search documents, fields and values</label> <input id="q" type="search" autocomplete="off"> \
            <output for="q" id="found" aria-live="polite"></output></p>
            """
    }

    private func section(_ model: ParityReport.ReadModel) -> String {
        var parts: [String] = []
        if !model.differences.isEmpty {
            let evidence = Dictionary(model.evidence.map { ($0.document, $0) }, uniquingKeysWith: { first, _ in first })
            var bodies: [String] = []
            var rest = model.differences[...]
            while let first = rest.first {
                let mine = rest.prefix { $0.document == first.document }
                bodies.append(body(Array(mine), evidence[first.document]))
                rest = rest.dropFirst(mine.count)
            }
            parts.append(
                """
                <table class="differences">
                <caption>\(Figures.count(model.differing, "document")) of \(HTML.isolated(model.name)) that differ\(model.differing == 1 ? "s" : "")</caption>
                <thead><tr><th scope="col">document</th><th scope="col">field</th><th scope="col">live</th><th scope="col">candidate</th></tr></thead>
                \(bodies.joined(separator: "\n"))
                </table>
                """)
        }
        if !model.undecided.isEmpty {
            let items = model.undecided.map { "<li>\(HTML.isolated($0))</li>" }.joined()
            parts.append(
                "<details><summary>\(Figures.count(model.undecided.count, "document")) that kept changing</summary><ul>\(items)</ul></details>"
            )
        }
        if let stopped = model.stopped {
            let documents = stopped.documents.map { "<li>\(HTML.isolated($0))</li>" }.joined()
            let streams = stopped.streams.map {
                "<li>\(HTML.isolated($0.aggregateId)) at \(HTML.isolated($0.place)): \(HTML.isolated($0.reason))</li>"
            }.joined()
            let count = stopped.counts.values.reduce(0, +)
            let shown = stopped.streams.count < count ? ", the first \(Figures.count(stopped.streams.count))" : ""
            parts.append(
                """
                <details><summary>\(Figures.count(stopped.documents.count, "document")) that stopped streams hold back</summary>\
                <ul>\(documents)</ul></details>
                <details><summary>\(Figures.count(count, "stopped stream"))\(shown)</summary><ul>\(streams)</ul></details>
                """)
        }
        return parts.isEmpty ? "" : "<section>\n<h2>\(HTML.isolated(model.name))</h2>\n\(parts.joined(separator: "\n"))\n</section>"
    }

    /// The differences of one document.
    private func body(_ differences: [ParityReport.Difference], _ evidence: ParityReport.Evidence?) -> String {
        let rows = differences.enumerated().map { index, difference in
            let head =
                index == 0
                ? "<th scope=\"rowgroup\" rowspan=\"\(differences.count)\">\(HTML.isolated(difference.document))\(evidence.map(text) ?? "")</th>"
                : ""
            return "<tr>\(head)<td>\(HTML.isolated(difference.field))</td>\(cell(difference.live))\(cell(difference.candidate))</tr>"
        }
        return "<tbody>\(rows.joined())</tbody>"
    }

    private func cell(_ value: String?) -> String {
        value.map { "<td class=\"value\">\(HTML.isolated($0))</td>" } ?? "<td class=\"none\">nothing</td>"
    }

    private func text(_ evidence: ParityReport.Evidence) -> String {
        func position(_ side: String, _ position: ParityReport.Position?) -> String {
            guard let position else { return "" }
            return "<li>\(side): revision \(position.revision)\(position.event.map { ", \(HTML.isolated($0))" } ?? "")</li>"
        }
        let streams = (evidence.streams ?? []).map(HTML.isolated).joined(separator: ", ")
        let told = streams.isEmpty ? "" : " (of \(streams); others may touch it, too)"
        var made = evidence.events.isEmpty ? "" : "<li>made by \(evidence.events.map(HTML.isolated).joined(separator: ", "))\(told)</li>"
        if let note = evidence.note { made += "<li>what made it couldn’t all be asked for: \(HTML.isolated(note))</li>" }
        return "<ul class=\"evidence\">\(position("live", evidence.live))\(position("candidate", evidence.candidate))\(made)</ul>"
    }

    private func section(_ events: EventParity) -> String {
        let figures =
            "\(Figures.count(events.events, "event")) of \(Figures.count(events.streams, "stream")), on \(events.shardCount) shards"
        let reason = events.reason.map { ": \(HTML.isolated($0))" } ?? ""
        var parts = ["<p>\(Self.mark(events.verdict)) \(Self.sentence(events.verdict)); \(figures)\(reason)</p>"]
        if !events.shards.isEmpty {
            let rows = events.shards.map {
                "<tr><th scope=\"row\" class=\"n\">\($0.shard)</th><td class=\"n\">\(Figures.count($0.expected))</td><td class=\"n\">\(Figures.count($0.candidate))</td></tr>"
            }
            parts.append(
                "<table><caption>Shards whose totals differ</caption><thead><tr><th scope=\"col\" class=\"n\">shard</th><th scope=\"col\" class=\"n\">expected</th><th scope=\"col\" class=\"n\">candidate</th></tr></thead><tbody>\(rows.joined())</tbody></table>"
            )
        }
        if !events.differing.isEmpty {
            let bodies = events.differing.map {
                "<tbody><tr><th scope=\"row\">\(HTML.isolated($0.place))</th><td>\(HTML.isolated($0.field))</td>\(cell($0.expected))\(cell($0.candidate))</tr></tbody>"
            }
            parts.append(
                """
                <table class="differences">
                <caption>\(Figures.count(events.differing.count, "stream")) by the first event that differs</caption>
                <thead><tr><th scope="col">event</th><th scope="col">field</th><th scope="col">expected</th><th scope="col">candidate</th></tr></thead>
                \(bodies.joined(separator: "\n"))
                </table>
                """)
        }
        if let waiting = events.waitingText { parts.append("<p>\(HTML.isolated(waiting))</p>") }
        if let rest = events.notLookedInto?.text { parts.append("<p>\(HTML.isolated(rest))</p>") }
        if !events.undecided.isEmpty {
            let items = events.undecided.map { "<li>\(HTML.isolated($0))</li>" }.joined()
            parts.append(
                "<details><summary>\(Figures.count(events.undecided.count, "stream")) that nobody can tell of</summary><ul>\(items)</ul></details>"
            )
        }
        return "<section>\n<h2>events</h2>\n\(parts.joined(separator: "\n"))\n</section>"
    }
}
