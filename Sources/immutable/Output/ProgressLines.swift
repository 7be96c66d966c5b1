import Orchestrator

/// Turns progress into the text that tells it. Times are seconds since the command began.
struct ProgressLines: Sendable {
    enum Mode: Sendable, Equatable {
        /// Line by line: a log.
        case plain
        /// The last line is rewritten in place.
        case live(style: Style)
        /// One JSON object a line, for machines.
        case json
    }

    private struct Count: Sendable {
        var what: String
        var done: Int
        var total: Int
        var replay: ReplayFigures?
    }

    /// Between two counts of a log, of the live line, and of JSON lines, in seconds. The last count of JSON lines is always told.
    static let plainInterval = 2.0
    static let liveInterval = 0.1
    static let jsonInterval = 1.0
    private static let eraseLine = "\r\u{1B}[K"
    private static let spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

    let mode: Mode
    private var step: (name: String, since: Double)?
    private var count: Count?
    private var lastTold = 0.0
    private var frame = 0
    private var isLineOpen = false

    init(mode: Mode) { self.mode = mode }

    /// The text that `progress` adds.
    mutating func show(_ progress: Progress, at now: Double, width: Int = 80) -> String {
        switch progress {
        case .step(let name, let why):
            step = (name, now)
            count = nil
            lastTold = now
            switch mode {
            case .plain: return "\(name): \(why)\n"
            case .json: return ProgressRecord(.step, step: name, text: why, at: now).line
            case .live(let style): return permanent("\(style.bold(name))  \(style.dim(why))") + line(at: now, width)
            }
        case .count(let what, let done, let total, let replay):
            count = Count(what: what, done: done, total: total, replay: replay)
            switch mode {
            case .json:
                guard now - lastTold >= Self.jsonInterval || done == total else { return "" }
                lastTold = now
                return ProgressRecord(count: what, done: done, total: total, replay, step: step?.name, at: now).line
            case .plain:
                guard now - lastTold >= Self.plainInterval else { return "" }
                lastTold = now
                return "  \(figures(at: now))\n"
            case .live:
                guard now - lastTold >= Self.liveInterval else { return "" }
                lastTold = now
                return line(at: now, width)
            }
        case .note(let text):
            switch mode {
            case .plain: return "  \(text)\n"
            case .json: return ProgressRecord(.note, step: step?.name, text: text, at: now).line
            case .live: return permanent("  \(text)") + line(at: now, width)
            }
        case .done(let text):
            let ended = step?.name
            step = nil
            count = nil
            switch mode {
            case .json: return ProgressRecord(.done, step: ended, text: text, at: now).line
            case .plain: return "  \(text)\n"
            case .live(let style): return permanent("  \(style.green("✓")) \(text)")
            }
        }
    }

    /// The live line once more: its time goes on.
    mutating func tick(at now: Double, width: Int) -> String {
        guard case .live = mode, step != nil else { return "" }
        frame += 1
        return line(at: now, width)
    }

    /// Leaves an empty line for whoever writes next.
    mutating func end() -> String {
        step = nil
        return erase()
    }

    private mutating func erase() -> String {
        defer { isLineOpen = false }
        return isLineOpen ? Self.eraseLine : ""
    }

    private mutating func permanent(_ text: String) -> String { erase() + text + "\n" }

    private mutating func line(at now: Double, _ width: Int) -> String {
        guard step != nil, case .live(let style) = mode else { return "" }
        isLineOpen = true
        let text = "  \(Self.spinner[frame % Self.spinner.count]) \(figures(at: now))"
        return Self.eraseLine + style.dim(String(text.prefix(max(10, width - 1))))
    }

    /// `events 8,000 of 12,000 (66 %), 3.4 s; 3,480/s, limited by writing; 12.0 s left with the tail's 231`
    private func figures(at now: Double) -> String {
        let elapsed = Figures.seconds(now - (step?.since ?? 0))
        guard let count else { return elapsed }
        let done = "\(count.what) \(Figures.count(count.done))"
        guard count.total > 0 else { return "\(done), \(elapsed)" }
        let share = Figures.percent(Double(count.done) / Double(count.total))
        return "\(done) of \(Figures.count(count.total)) (\(share)), \(elapsed)" + (count.replay.map(ReplayText.figures) ?? "")
    }
}
