import EventSourcing

/// The names of the fields that say what an event of a history file is. What other fields hold is its data.
public struct HistoryFields: Sendable, Hashable, Codable {
    public var aggregate: String
    public var type: String
    public var time: String

    public init(aggregate: String, type: String, time: String) {
        self.aggregate = aggregate
        self.type = type
        self.time = time
    }

    var all: [String] { [aggregate, type, time] }
}

/// What one record of a history file comes to.
public enum HistoryLine: Sendable, Hashable {
    case event(HistoryEvent)
    /// `line`: that of the record's first character, from 1. `reason`: a clause for people.
    case refused(line: Int, reason: String)
}

/// An event as a history file tells it; its version follows from the records before it.
public struct HistoryEvent: Sendable, Hashable {
    /// In bytes of the stored event.
    public static let byteLimit = AppendLimits.bytesPerEvent

    /// The line of the record's first character, from 1. No two records begin on one line.
    public var line: Int
    public var aggregateId: String
    public var type: String
    /// RFC 3339, microseconds, UTC.
    public var at: String
    /// JSON text: an object with sorted keys. A CSV column is a string, a field of JSON Lines stays what it was.
    public var data: String

    /// At least what the stored event counts: its own fields, its id (36 bytes), its metadata (under 60) and the rest (160).
    var size: Int { aggregateId.utf8.count + type.utf8.count + data.utf8.count + 256 }

    /// The time in an event's own form; nil where it is none, or is outside of the years 0000 to 9999.
    static func normalised(_ time: String) -> String? {
        // A time that is read has no more than 10 + 1 + 8 + 10 + 6 characters, and some spaces.
        guard time.utf8.count <= 64, let date = Timestamp.parse(time) else { return nil }
        let text = Timestamp.format(date)
        guard text.utf8.count == 27, text.utf8.prefix(4).allSatisfy({ (48...57).contains($0) }) else { return nil }
        return text
    }
}
