import EventSourcing
import EventStore

/// One stream's events on their way into its document. Pure.
struct StreamFold: Sendable {
    let stream: String
    /// The document, with the version to which the events were folded into it.
    private(set) var document: IndexedDocument
    /// No event so far has made a document.
    private(set) var isBare: Bool
    /// The event that can't be folded in, with the reason: the fold ends right before it.
    private(set) var fault: (any StreamFault)?
    /// The last event that was folded in.
    private(set) var last: EventReference?
    /// The stream had no more when it was read. What came since has a hint of its own; where that is lost, an audit finds it.
    private(set) var isAtEnd = false

    /// - Parameters:
    ///   - found: the document as the index showed it.
    ///   - cursor: how far the index has confirmed the stream.
    init(_ stream: String, found: IndexedDocument?, cursor: IndexCursors.Cursor) {
        self.stream = stream
        isBare = found == nil
        document = found ?? IndexedDocument(id: stream, version: cursor.isBare ? cursor.version : 0, fields: nil, event: nil)
    }

    /// Where the next event has to be, less one.
    var version: Int { document.version }

    /// Folds in events that follow one another; those that the document has taken in already are passed over.
    mutating func apply(_ page: StreamPage, by projection: AnyProjection, skipping skipped: Set<Int>) {
        fault = page.fault
        isAtEnd = page.isLast
        for event in page.events where event.version > version {
            if !skipped.contains(event.version) {
                do {
                    document.fields = try projection.apply(event, document.fields, stream)
                } catch {
                    fault = ProjectionFailed(projection: projection.name, at: EventReference(event), reason: "\(error)")
                    return
                }
                if document.fields != nil { isBare = false }
            }
            document.version = event.version
            document.event = event.position
            last = EventReference(event)
        }
    }

    /// What the index has to keep; `nil` where nothing was folded in, or there never was a document.
    var kept: IndexedDocument? { last == nil || isBare ? nil : document }
}
