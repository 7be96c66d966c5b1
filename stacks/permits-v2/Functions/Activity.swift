import EventSourcing

/// Something that a department did in a case. The activity's name is the event's type; the columns that came with it are the data.
struct Activity: EventPayload, Hashable {
    var name: String
    var columns: [String: String]

    var typeName: String { name }

    init(name: String, columns: [String: String]) {
        self.name = name
        self.columns = columns
    }

    /// Columns that are no text are passed over.
    init(_ event: StoredEvent) throws {
        guard let fields = try? Value.parse(event.data).object else {
            throw UnreadableEvent(position: event.position, type: event.type, reason: "its data is no JSON object")
        }
        self.init(name: event.type, columns: fields.compactMapValues(\.string))
    }

    /// The data alone doesn't name the activity: see ``init(_:)``.
    init(from decoder: any Decoder) throws {
        self.init(name: Self.type, columns: try decoder.singleValueContainer().decode([String: String].self))
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(columns)
    }
}
