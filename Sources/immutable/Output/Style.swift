/// Colours and weights of a terminal, or none of them.
struct Style: Sendable, Equatable {
    var isColoured: Bool

    static let plain = Style(isColoured: false)

    func bold(_ text: String) -> String { wrap(text, "1") }
    func dim(_ text: String) -> String { wrap(text, "2") }
    func red(_ text: String) -> String { wrap(text, "31") }
    func green(_ text: String) -> String { wrap(text, "32") }
    func yellow(_ text: String) -> String { wrap(text, "33") }

    /// A line that begins with `+`, `~` or `-`, in the colour of that.
    func change(_ line: String) -> String {
        switch line.first {
        case "+": green(line)
        case "~": yellow(line)
        case "-": red(line)
        default: line
        }
    }

    private func wrap(_ text: String, _ code: String) -> String { isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}
