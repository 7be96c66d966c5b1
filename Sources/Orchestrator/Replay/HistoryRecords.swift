import EventSourcing

/// The records of one format.
protocol HistoryRecords {
    /// Bytes taken from the file so far.
    var bytesRead: Int { get }
    /// Nil at the end of the file.
    mutating func next() throws(HistoryError) -> HistoryLine?
}

extension HistoryLine {
    /// The event of a record, or why it is none.
    static func of(line: Int, aggregateId: String, type: String, time: String, data: String, fields: HistoryFields) -> HistoryLine {
        func refused(_ reason: String) -> HistoryLine { .refused(line: line, reason: reason) }
        if isBlank(aggregateId) { return refused("its '\(fields.aggregate)', which names the aggregate, is empty") }
        if isBlank(type) { return refused("its '\(fields.type)', which names the event's type, is empty") }
        if let problem = AggregateID.problem(aggregateId) { return refused("its '\(fields.aggregate)' \(problem)") }
        guard let at = HistoryEvent.normalised(time) else {
            return refused("its '\(fields.time)' is no time: '\(time.prefix(60))' (RFC 3339 is meant, e.g. 2024-05-01T12:00:00Z)")
        }
        let event = HistoryEvent(line: line, aggregateId: aggregateId, type: type, at: at, data: data)
        guard event.size <= HistoryEvent.byteLimit else {
            return refused("as an event it has \(event.size) bytes; an event may have \(HistoryEvent.byteLimit)")
        }
        return .event(event)
    }

    private static func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
}
