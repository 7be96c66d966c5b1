import EventSourcing

/// What a document was on either side while it was watched.
///
/// A document that changes all the time is hardly ever caught with both sides at one position, because the candidate follows: but what it is there
/// now, the live one was a moment ago. Contents are held against each other only where the same event was the last on both sides: what is equal
/// at different positions may be wrong at both.
struct DocumentHistory: Sendable {
    private struct Seen: Sendable, Hashable {
        var fields: DocumentDiff.Fields
        /// The last event, as the live release counts it.
        var event: String

        var footprint: Int { Value.object(fields).footprint }
    }

    /// What one side was, the last content at the end.
    private struct Side: Sendable {
        private(set) var contents: [Seen] = []
        private var footprint = 0

        mutating func add(_ content: Seen, room: Int) {
            if content == contents.last { return }
            contents.append(content)
            footprint += content.footprint
            while contents.count > DocumentHistory.limit || (footprint > room && contents.count > 1) {
                footprint -= contents.removeFirst().footprint
            }
        }
    }

    private var expected = Side()
    private var candidate = Side()

    /// Contents remembered of each side. At a reading every 30 ms, half a second of a document that changes without a pause.
    private static let limit = 16

    /// Takes in what was read. Returns whether both sides were equal at one position: as they were read now, or one now and the other before. That
    /// no document is there is no position: whether both sides rest without one, the watch tells.
    /// - Parameter room: bytes of memory for what each side was; the last content is remembered at any rate.
    mutating func matches(_ sighting: ReadModelComparison.Sighting, by diff: DocumentDiff, room: Int = .max) -> Bool {
        let live = Self.seen(sighting.expected, sighting.livePosition?.event)
        let other = Self.seen(sighting.candidate, sighting.candidateSource)
        if let other { candidate.add(other, room: room) }
        if let live { expected.add(live, room: room) }
        return Self.agree(live.map { [$0] } ?? [], candidate.contents, diff)
            || Self.agree(expected.contents, other.map { [$0] } ?? [], diff)
    }

    private static func seen(_ fields: DocumentDiff.Fields?, _ event: String?) -> Seen? {
        guard let fields, let event else { return nil }
        return Seen(fields: fields, event: event)
    }

    private static func agree(_ live: [Seen], _ candidate: [Seen], _ diff: DocumentDiff) -> Bool {
        live.contains { a in
            candidate.contains { b in a.event == b.event && diff.differences("", live: a.fields, candidate: b.fields).isEmpty }
        }
    }
}
