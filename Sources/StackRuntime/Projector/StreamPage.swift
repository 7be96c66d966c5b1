import EventSourcing
import EventStore

/// The next events of one stream, or why it stops before them.
struct StreamPage: Sendable {
    var events: [StoredEvent]
    /// The stream had no more than these when it was read.
    var isLast: Bool
    /// An event is missing, or an item is odd: nothing is at fault but this stream.
    var fault: (any StreamFault)?

    var isEmpty: Bool { events.isEmpty && fault == nil }
}

extension StreamReader {
    /// At most `limit` events after `version`.
    func page(of stream: String, after version: Int, limit: Int) async throws -> StreamPage {
        do {
            let (events, isLast) = try await part(stream, after: version, limit: limit)
            return StreamPage(events: events, isLast: isLast, fault: nil)
        } catch let fault as any StreamFault {
            return StreamPage(events: [], isLast: true, fault: fault)
        }
    }
}
