import EventSourcing

extension Value {
    /// Bytes that it takes in memory, roughly.
    var footprint: Int {
        switch self {
        case .null, .bool, .number: Self.holder
        case .string(let text): Self.holder + text.utf8.count
        case .list(let values): values.reduce(Self.holder) { $0 + $1.footprint }
        case .object(let fields): fields.reduce(Self.holder) { $0 + Self.holder + $1.key.utf8.count + $1.value.footprint }
        }
    }

    /// What holds a value, or a field's name.
    private static let holder = 32
}

extension ReadModelComparison.Sighting {
    /// Of both sides' documents.
    var footprint: Int {
        var sum = 0
        for case let fields? in [expected, candidate] { sum += Value.object(fields).footprint }
        return sum
    }
}

extension ParityReport.ReadModel {
    /// Bytes that what it tells of documents that differ takes in memory, roughly.
    var footprint: Int {
        var sum = 0
        for difference in differences {
            sum += Self.holder
            let texts: [String?] = [difference.document, difference.field, difference.live, difference.candidate]
            for case let text? in texts { sum += text.utf8.count }
        }
        for document in evidence {
            for event in document.events { sum += Self.holder + event.utf8.count }
        }
        return sum
    }

    /// What holds a difference, or an event's name.
    private static let holder = 64
}
