/// One thing that is wrong with a stack, and what to do about it.
public struct Problem: Sendable, Hashable, CustomStringConvertible {
    public var message: String
    public var hint: String?
    /// Text of the manifest that the problem is about, as it is written there: a literal with its quotes, or a label.
    public var anchor: String
    /// Which of the places that have that text is meant, counted from 0.
    public var occurrence: Int

    public init(_ message: String, hint: String? = nil, anchor: String, occurrence: Int = 0) {
        self.message = message
        self.hint = hint
        self.anchor = anchor
        self.occurrence = occurrence
    }

    public var description: String { hint.map { "\(message)\n  hint: \($0)" } ?? message }
}

extension Problem {
    /// A problem with a route.
    static func on(_ route: Route, _ message: String, hint: String? = nil, occurrence: Int = 0) -> Problem {
        Problem(
            message, hint: hint, anchor: ".\(route.method.rawValue.lowercased())(\"\(route.path)\"",
            occurrence: occurrence)
    }

    /// A problem with a search route.
    static func search(_ query: ReadModel.Query, _ message: String, hint: String? = nil, occurrence: Int = 0) -> Problem {
        Problem(message, hint: hint, anchor: ".search(\"\(query.path)\"", occurrence: occurrence)
    }

    /// A problem with what is expected of a read model.
    static func parity(of model: String, _ message: String, hint: String? = nil, occurrence: Int = 0) -> Problem {
        Problem(message, hint: hint, anchor: ".readModel(\"\(model)\"", occurrence: occurrence)
    }

    /// A problem with a string literal of the manifest.
    static func with(_ literal: String, _ message: String, hint: String? = nil, occurrence: Int = 0) -> Problem {
        Problem(message, hint: hint, anchor: "\"\(literal)\"", occurrence: occurrence)
    }
}
