import Orchestrator

extension HistoryReport: Answer {
    func text(_ style: Style) -> String {
        let rows = entries.map { entry in
            [Figures.time(entry.at), entry.what, entry.from.map { "\($0) → \(entry.to)" } ?? entry.to, state(entry)]
        }
        return ([style.bold(stack)] + Columns.lines(rows, indent: "  ")).joined(separator: "\n")
    }

    private func state(_ entry: Entry) -> String {
        if let receipt = receipts.first(where: { $0.id == entry.id }) {
            return "\(entry.state), \(Figures.count(receipt.toTotals.events, "event")), writes paused \(receipt.pauseText)"
        }
        let reason = entry.reason.map { ": \($0)" } ?? ""
        // A release's state is today's, a handover's is how it ended.
        return entry.what == "deployed" ? "now \(entry.state)" : entry.state + reason
    }
}
