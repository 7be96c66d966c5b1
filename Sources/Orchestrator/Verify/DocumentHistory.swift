import EventSourcing

/// What a document was on either side while it was watched.
///
/// A document that changes all the time is hardly ever caught with both sides at one position, because the candidate follows: but what it is there
/// now, the live one was a moment ago. That counts only where the same event was the last on both sides: a counter that is always one off is equal
/// to what the other side was, too.
struct DocumentHistory: Sendable {
    private struct Content: Sendable, Hashable {
        var fields: DocumentDiff.Fields
        var event: String
    }

    private var expected: [Content] = []
    private var candidate: [Content] = []

    /// Contents remembered of each side. At a reading every 30 ms, half a second of a document that changes without a pause.
    private static let limit = 16

    /// Takes in what was read. Returns whether both sides were equal: as they were read now, or one now and the other before, after the same event.
    /// That no document is there counts only if it is so on both sides now.
    mutating func matches(_ sighting: ReadModelComparison.Sighting, by diff: DocumentDiff) -> Bool {
        func areEqual(_ live: DocumentDiff.Fields?, _ candidate: DocumentDiff.Fields?) -> Bool {
            diff.differences("", live: live, candidate: candidate).isEmpty
        }
        if areEqual(sighting.expected, sighting.candidate) { return true }
        if let now = Self.content(sighting.candidate, sighting.candidatePosition), now != candidate.last {
            if expected.contains(where: { $0.event == now.event && areEqual($0.fields, now.fields) }) { return true }
            Self.add(now, to: &candidate)
        }
        if let now = Self.content(sighting.expected, sighting.livePosition), now != expected.last {
            if candidate.contains(where: { $0.event == now.event && areEqual(now.fields, $0.fields) }) { return true }
            Self.add(now, to: &expected)
        }
        return false
    }

    private static func content(_ fields: DocumentDiff.Fields?, _ position: ParityReport.Position?) -> Content? {
        guard let fields, let event = position?.event else { return nil }
        return Content(fields: fields, event: event)
    }

    private static func add(_ content: Content, to contents: inout [Content]) {
        if contents.count == limit { contents.removeFirst() }
        contents.append(content)
    }
}
