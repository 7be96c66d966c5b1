import Orchestrator

extension AuditReport: Answer {
    /// More streams of a consumer than this are counted in text; `--format json` has them all.
    private static let shown = 10

    func text(_ style: Style) -> String {
        let rows = consumers.map { consumer in
            [
                consumer.stillBehind.isEmpty ? "✓" : "✗", consumer.release, consumer.consumer, Figures.count(consumer.streams, "stream"),
                figures(consumer),
            ]
        }
        var lines = [style.bold("audit of \(stack)") + ": each consumer's cursors against the store"]
        for (row, consumer) in zip(Columns.lines(rows, indent: "  "), consumers) {
            lines.append(consumer.stillBehind.isEmpty ? row : style.red(row))
            lines += consumer.stillBehind.prefix(Self.shown).map { stream in
                "      \(stream.aggregateId)  at version \(stream.cursor) of \(stream.version)\(stream.reason.map { ": \($0)" } ?? "")"
            }
            let more = consumer.stillBehind.count - Self.shown
            if more > 0 { lines.append("      … \(Figures.count(more)) more; immutable audit \(stack) --format json lists them all") }
        }
        lines.append(isSettled ? style.green("settled: nothing is behind") : style.red("not settled") + ": see `immutable parked \(stack)`")
        return lines.joined(separator: "\n")
    }

    private func figures(_ consumer: Consumer) -> String {
        if consumer.behind == 0 { return "none behind" }
        guard hinted else { return "\(Figures.count(consumer.behind)) behind" }
        let still = consumer.stillBehind.isEmpty ? "" : ", \(Figures.count(consumer.stillBehind.count)) still behind"
        return "\(Figures.count(consumer.behind)) behind, \(Figures.count(consumer.repaired)) repaired\(still)"
    }
}
