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
    }

    private var expected: [Seen] = []
    private var candidate: [Seen] = []

    /// Contents remembered of each side. At a reading every 30 ms, half a second of a document that changes without a pause.
    private static let limit = 16

    /// Takes in what was read. Returns whether both sides were equal at one position: as they were read now, or one now and the other before. That
    /// no document is there is no position: whether both sides rest without one, the watch tells.
    mutating func matches(_ sighting: ReadModelComparison.Sighting, by diff: DocumentDiff) -> Bool {
        let live = Self.seen(sighting.expected, sighting.livePosition?.event)
        let other = Self.seen(sighting.candidate, sighting.candidateSource)
        if let other, other != candidate.last { Self.add(other, to: &candidate) }
        if let live, live != expected.last { Self.add(live, to: &expected) }
        return Self.agree(live.map { [$0] } ?? [], candidate, diff) || Self.agree(expected, other.map { [$0] } ?? [], diff)
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

    private static func add(_ content: Seen, to contents: inout [Seen]) {
        if contents.count == limit { contents.removeFirst() }
        contents.append(content)
    }
}
