import EventSourcing

/// Gives the events of a history file their versions: the file's order within each aggregate. The same file gives the same
/// events. Memory grows with the count of streams only: an id and about 64 bytes each.
public struct HistoryNumbering: Sendable {
    private struct Last {
        var version: Int
        /// The digits of its time as one number, which is smaller than its text.
        var time: UInt128
    }

    private let fileDigest: String
    // By bytes: two strings that Unicode takes for equal are two keys to DynamoDB.
    private var last: [[UInt8]: Last] = [:]

    /// Events whose time lies before that of their stream's previous event.
    public private(set) var backwards = 0
    public private(set) var events = 0
    public var streams: Int { last.count }

    /// - Parameter fileDigest: ``HistoryFile/digest()``
    public init(fileDigest: String) { self.fileDigest = fileDigest }

    public mutating func number(_ event: HistoryEvent) -> StoredEvent {
        let time = event.at.utf8.reduce(into: UInt128(0)) { if (48...57).contains($1) { $0 = $0 * 10 + UInt128($1 - 48) } }
        var entry = last[Array(event.aggregateId.utf8)] ?? Last(version: 0, time: 0)
        if time < entry.time { backwards += 1 }
        entry.version += 1
        entry.time = time
        last[Array(event.aggregateId.utf8)] = entry
        events += 1
        let metadata = EventMetadata(command: "import:\(fileDigest.prefix(12)):\(event.line)")
        return StoredEvent(
            aggregateId: event.aggregateId, version: entry.version,
            eventId: EventID.imported(fileDigest: fileDigest, line: event.line), type: event.type, data: event.data,
            // A text always encodes.
            meta: (try? metadata.encoded()) ?? "{}", at: event.at, epoch: 0,
            origin: StoredEvent.importOrigin)
    }
}
