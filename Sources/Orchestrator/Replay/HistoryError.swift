/// Why a history file can't be read at all. What is wrong with one record refuses that record only.
public enum HistoryError: Error, Sendable, Hashable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    case notUTF8(path: String, what: String)
    case empty(path: String)
    case badHeader(path: String, reason: String)
    /// `found`: the names that there are instead.
    case missingFields(path: String, missing: [String], found: [String])
    /// Two of aggregate, type and time are to come from this field.
    case fieldUsedTwice(String)
    case changed(path: String)

    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "the history file \(path) can't be read: \(reason)\nhint: --history takes the path of a CSV or JSON Lines file"
        case .notUTF8(let path, let what):
            "\(what) of the history file \(path) is not UTF-8\nhint: convert it, e.g. iconv -t UTF-8"
        case .empty(let path):
            "the history file \(path) has no records\nhint: leave --history out to start with an empty stack"
        case .badHeader(let path, let reason):
            "the first line of the history file \(path) is no header: \(reason)\nhint: a CSV file begins with the names of its columns"
        case .missingFields(let path, let missing, let found):
            """
            the history file \(path) has no field \(Self.list(missing)); it has \(Self.list(found))
            hint: name its fields with --aggregate, --type and --time
            """
        case .fieldUsedTwice(let name):
            "'\(name)' can't be two of --aggregate, --type and --time\nhint: name three fields"
        case .changed(let path):
            "the history file \(path) was changed while it was read\nhint: run the command again when nothing writes to it"
        }
    }

    private static func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
}
