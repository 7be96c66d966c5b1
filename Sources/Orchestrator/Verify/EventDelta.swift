import EventStore

/// A place in a candidate's streams where the event isn't the expected one.
struct EventDelta: Sendable, Hashable {
    typealias Event = EventComparisonOrder.Event

    /// What the transform makes for this place; `nil` where nothing is expected.
    var expected: Event?
    var candidate: Event?

    var stream: String { (expected ?? candidate)?.stream ?? "" }

    /// Where it stands in its stream; 0 where an event is missing whose place arrival decides.
    var version: Int { [candidate?.version, expected?.version].compactMap(\.self).first { $0 > 0 } ?? 0 }

    /// The live event's `aggregateId@version`; empty where the candidate has an event that is no copy.
    var source: String { [expected?.source, candidate?.source].compactMap(\.self).first { !$0.isEmpty } ?? "" }

    /// The two as they can be asked for, where they are one event with other content.
    var pair: EventComparisonOrder.Pair? {
        guard let expected, let candidate, expected.eventId == candidate.eventId, candidate.version > 0 else { return nil }
        return .init(expected: expected, candidate: candidate)
    }

    /// What of either side has no counterpart on the other. Both may be in any order.
    static func find(expected: [Event], candidate: [Event]) -> [EventDelta] {
        // By all of it, then by what an event is called, then by where it stands.
        let (expected, candidate, _) = match(expected, candidate) { [$0.stream, $0.source, $0.eventId, $0.digest] }
        let (missing, added, changed) = match(expected, candidate) { [$0.stream, $0.source, $0.eventId] }
        let (gone, extra, replaced) = match(missing, added) { $0.version > 0 ? [$0.stream, String($0.version)] : nil }
        return (changed + replaced).map { EventDelta(expected: $0, candidate: $1) }
            + gone.map { EventDelta(expected: $0, candidate: nil) } + extra.map { EventDelta(expected: nil, candidate: $0) }
    }

    /// Pairs events that have one key, as often as both sides have it. What has no key stays alone.
    private static func match(
        _ left: [Event], _ right: [Event], by key: (Event) -> [String]?
    ) -> (left: [Event], right: [Event], pairs: [(Event, Event)]) {
        var waiting: [[String]: [Event]] = [:]
        var (alone, others, pairs) = ([Event](), [Event](), [(Event, Event)]())
        for event in right {
            if let key = key(event) { waiting[key, default: []].append(event) } else { others.append(event) }
        }
        for event in left {
            if let key = key(event), let match = waiting[key]?.popLast() { pairs.append((event, match)) } else { alone.append(event) }
        }
        return (alone, others + waiting.values.joined(), pairs)
    }
}
