import Orchestrator

/// What people are told of a replay.
enum ReplayText {
    /// `; 3,480/s, limited by writing; 12.0 s left with the tail's 231`
    static func figures(_ figures: ReplayFigures) -> String {
        var parts: [String] = []
        if let rate = figures.eventsPerSecond { parts.append("\(Figures.count(Int(rate.rounded())))/s") }
        if let writers = figures.writers, let most = figures.mostWriters {
            parts.append("throttled: \(writers) of \(most) writers")
        } else if let limit = figures.limitedBy {
            parts.append("limited by \(limit.rawValue)")
        }
        var text = parts.isEmpty ? "" : "; " + parts.joined(separator: ", ")
        let tail = figures.backlog.flatMap { $0 > 0 ? " with the tail's \(Figures.count($0))" : nil } ?? ""
        if let left = figures.secondsLeft {
            text += "; \(Figures.seconds(left)) left\(tail)"
        } else if figures.eventsPerSecond != nil, !tail.isEmpty {
            text += "; more is committed than copied"
        }
        if let items = figures.setAside { text += "; \(Figures.count(items)) set aside" }
        return text
    }
}
