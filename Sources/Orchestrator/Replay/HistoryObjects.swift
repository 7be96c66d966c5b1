import AWS

/// A JSON Lines file as events: one object a line.
struct HistoryObjects: HistoryRecords {
    /// In bytes. As JSON an event's 350,000 bytes may be written with six for one (`\u0041`).
    static let lineLimit = 4 << 20

    private let fields: HistoryFields
    private var bytes: HistoryBytes
    private var line = 0

    var bytesRead: Int { bytes.count }

    init(_ bytes: HistoryBytes, _ fields: HistoryFields) {
        self.bytes = bytes
        self.fields = fields
    }

    mutating func next() throws(HistoryError) -> HistoryLine? {
        while let text = try nextLine() {
            if text.allSatisfy({ HistoryObject.isSpace($0) }) { continue }
            switch HistoryObject.parse(text) {
            case .success(let object): return event(object)
            case .failure(let fault): return .refused(line: line, reason: fault.reason)
            }
        }
        return nil
    }

    /// The names that the objects among the next `count` records have; nil where there is no object among them.
    mutating func names(among count: Int) throws(HistoryError) -> Set<String>? {
        var names: Set<String>?
        var left = count
        while left > 0, let text = try nextLine() {
            left -= 1
            if case .success(let object) = HistoryObject.parse(text) { names = (names ?? []).union(object.keys) }
        }
        return names
    }

    /// One byte more than the limit of a line that is longer.
    private mutating func nextLine() throws(HistoryError) -> [UInt8]? {
        guard try bytes.peek() != nil else { return nil }
        var text: [UInt8] = []
        try bytes.append(until: { $0 == UInt8(ascii: "\n") }, to: &text, limit: Self.lineLimit + 1)
        _ = try bytes.byte()
        line += 1
        return text
    }

    private func event(_ object: [String: JSON]) -> HistoryLine {
        var object = object
        var texts: [String] = []
        for name in fields.all {
            guard let value = object.removeValue(forKey: name) else { return .refused(line: line, reason: "it has no field '\(name)'") }
            switch value {
            case .string(let text): texts.append(text)
            // An id is often a whole number; written otherwise (1.0, 1e3) it would name another aggregate.
            case .number(let text) where name == fields.aggregate && text.utf8.allSatisfy({ (48...57).contains($0) }): texts.append(text)
            default: return .refused(line: line, reason: "its '\(name)' is no text")
            }
        }
        return .of(
            line: line, aggregateId: texts[0], type: texts[1], time: texts[2],
            data: String(decoding: JSON.object(object).bytes, as: UTF8.self), fields: fields)
    }
}
