import EventSourcing

/// What a document was on either side while it was watched.
///
/// A document that changes all the time is hardly ever caught with both sides at one position, because the candidate follows: but what it is there
/// now, the live one was a moment ago.
struct DocumentHistory: Sendable {
    private var expected: [DocumentDiff.Fields] = []
    private var candidate: [DocumentDiff.Fields] = []

    /// Contents remembered of each side. At a reading every 30 ms, half a second of a document that changes without a pause.
    private static let limit = 16

    /// Takes in what was read. Returns whether both sides were equal at some time: as they were read now, or one now and the other before. That no
    /// document is there counts only if it is so on both sides now.
    mutating func matches(_ sighting: ReadModelComparison.Sighting, by diff: DocumentDiff) -> Bool {
        func areEqual(_ live: DocumentDiff.Fields?, _ candidate: DocumentDiff.Fields?) -> Bool {
            diff.differences("", live: live, candidate: candidate).isEmpty
        }
        if areEqual(sighting.expected, sighting.candidate) { return true }
        if let now = sighting.candidate, now != candidate.last {
            if expected.contains(where: { areEqual($0, now) }) { return true }
            Self.add(now, to: &candidate)
        }
        if let now = sighting.expected, now != expected.last {
            if candidate.contains(where: { areEqual(now, $0) }) { return true }
            Self.add(now, to: &expected)
        }
        return false
    }

    private static func add(_ content: DocumentDiff.Fields, to contents: inout [DocumentDiff.Fields]) {
        if contents.count == limit { contents.removeFirst() }
        contents.append(content)
    }
}
