import AWS
import EventSourcing

extension EventComparison {
    /// Tells the first field in which each pair differs; `nil` where one of the two isn't found in time, or nothing differs.
    public func explain(
        _ pairs: [EventComparisonOrder.Pair], until deadline: ContinuousClock.Instant
    ) async throws -> [EventComparisonOrder.Difference?] {
        var differences: [EventComparisonOrder.Difference?] = []
        let table = ledger.names.release(target).events
        for pair in pairs {
            let key: Item = ["aggregateId": .s(pair.candidate.stream), "version": .int(pair.candidate.version)]
            if let item = try await ledger.dynamo.getItem(table, key), let candidate = try? StoredEvent(item: item),
                let expected = try await expected(pair.expected, until: deadline)
            {
                differences.append(difference(expected, candidate))
            } else {
                differences.append(nil)
            }
        }
        return differences
    }

    /// Transforms a stream again, down to what becomes of one event. `nil` where it isn't found in time.
    private func expected(_ event: EventComparisonOrder.Event, until deadline: ContinuousClock.Instant) async throws -> StoredEvent? {
        guard let position = EventPosition(event.source) else { return nil }
        var stream = ExpectedStream(position.aggregateId, from: source)
        let cut = mapping.closesAtCut ? try await ledger.head(ledger.shards.shard(of: position.aggregateId)).cut?.epoch ?? 0 : .max
        var last: StoredEvent?
        while ContinuousClock.now < deadline {
            var made: [StoredEvent] = []
            let isLast: Bool
            do {
                let page = try await reader(source).part(position.aggregateId, after: stream.version, limit: StreamWalk.eventsPerPage)
                try stream.take(page.events, cut: cut, by: mapping, into: target, closing: last, made: &made)
                last = page.events.last ?? last
                isLast = page.isLast
                if isLast { try stream.close(after: last, by: mapping, made: &made) }
            } catch is any StreamFault {
                return nil
            }
            let found = made.first { $0.aggregateId == event.stream && $0.eventId == event.eventId && $0.version == event.version }
            if found != nil || isLast { return found }
        }
        return nil
    }

    private func difference(_ expected: StoredEvent, _ candidate: StoredEvent) -> EventComparisonOrder.Difference? {
        let fields: [(String, (StoredEvent) -> String)] = [
            ("version", { [isMerging] in isMerging ? "" : String($0.version) }), ("eventId", \.eventId), ("type", \.type),
            ("schema", { String($0.schema) }), ("data", \.data), ("at", \.at), ("origin", \.origin), ("meta", \.meta),
            ("from", { $0.from ?? "" }), ("source", { $0.source ?? "" }), ("epoch", { String($0.epoch) }),
        ]
        // By bytes: String's == takes canonically equivalent texts for equal.
        for (name, value) in fields where !value(expected).utf8.elementsEqual(value(candidate).utf8) {
            // An event may have 350 KB, and an answer with many of them 6 MB.
            let shown = Excerpt.pair((value(expected), value(candidate)))
            return .init(field: name, expected: shown.0 ?? "", candidate: shown.1 ?? "")
        }
        return nil
    }
}
