import EventSourcing

/// One stream of a followed release on its way through a transform, to tell what the follower should have of it.
public struct ExpectedStream: Sendable, Hashable, Codable {
    public let aggregateId: String
    private var copy: StreamCopy
    private var isClosed = false
    /// The version of the last event up to the cut.
    private var last = 0

    init(_ aggregateId: String, from source: String) {
        self.aggregateId = aggregateId
        copy = StreamCopy(from: source)
    }

    /// How far the source stream is read.
    var version: Int { copy.sourceVersion }

    /// The event by which the transform closes the stream at the cut, if it still does.
    var closingVersion: Int? { isClosed || last == 0 ? nil : last }

    /// The types of its events of which nothing was made yet.
    func waiting(by mapping: Mapping) -> Set<String> { mapping.waiting(in: copy.state) }

    /// Appends what becomes of the stream's next events. `closing`: the event of ``closingVersion``.
    mutating func take(
        _ events: [StoredEvent], cut: Int, by mapping: Mapping, into follower: String, closing: StoredEvent?, made: inout [StoredEvent]
    ) throws {
        var closing = closing
        for event in events {
            if event.epoch > cut { try close(after: closing, by: mapping, made: &made) }
            if event.from == follower {
                try copy.skip(event, by: mapping)
            } else if mapping.layout == .merging {
                try copy.convert(event, by: mapping, into: &made)
            } else {
                try copy.copy(event, by: mapping, into: &made)
            }
            if !isClosed { (closing, last) = (event, event.version) }
        }
    }

    /// Appends what the transform adds at the cut, once. A stream that began after it gets nothing, but its state is closed all the same.
    mutating func close(after closing: StoredEvent?, by mapping: Mapping, made: inout [StoredEvent]) throws {
        guard mapping.closesAtCut, !isClosed else { return }
        isClosed = true
        var added: [StoredEvent] = []
        var closed = copy
        try closed.close(after: closing, by: mapping, into: &added)
        guard closing != nil else {
            copy = StreamCopy(from: copy.from, sourceVersion: copy.sourceVersion, targetVersion: copy.targetVersion, state: closed.state)
            return
        }
        copy = closed
        made += added
    }
}
