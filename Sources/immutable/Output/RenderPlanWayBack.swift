import Orchestrator

extension WayBack {
    /// `nil` where nothing is known so far.
    func line(to live: String) -> String? {
        guard isReversible else { return "none, the transform has no way back" }
        var problems: [String] = []
        if let unreadable, !unreadable.isEmpty {
            problems.append("would break, \(live) can't read \(unreadable.map(\.type).joined(separator: ", "))")
        }
        if !unprovenTypes.isEmpty { problems.append("would change \(unprovenTypes)") }
        guard problems.isEmpty else { return problems.joined(separator: "; ") }
        return proven.map { proven in
            let figure = Figures.count(proven)
            return "lossless (\(figure) of \(figure) proven)" + (doubt.map { "; \($0)" } ?? "")
        }
    }

    var warnings: [String] { (unreadable ?? []).map { "a rollback would break on \($0.kind): \($0.reason)" } }
}
