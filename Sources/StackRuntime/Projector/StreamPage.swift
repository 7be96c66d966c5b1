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

    init(events: [StoredEvent], isLast: Bool, fault: (any StreamFault)? = nil) {
        self.events = events
        self.isLast = isLast
        self.fault = fault
    }

    /// Of events that are at hand in order, at most `limit` after `version`; `nil` where they don't go on right there, and the store has to be asked.
    /// What comes after them has a hint of its own.
    init?(atHand: [StoredEvent]?, after version: Int, limit: Int) {
        let next = (atHand ?? []).drop { $0.version <= version }
        guard !next.isEmpty, next.enumerated().allSatisfy({ $1.version == version + 1 + $0 }) else { return nil }
        self.init(events: Array(next.prefix(limit)), isLast: next.count <= limit)
    }
}

extension StreamReader {
    /// The next events of each stream that has any, at most `limit` of each. What is at hand is asked for no more; what the bus told of is read together
    /// where it is all that a stream has, and each other stream by itself.
    func pages(
        _ places: [(stream: String, after: Int)], _ hints: Hints, limit: Int
    ) async throws -> [String: StreamPage] {
        let places = places.filter { !hints.isWithin($0.after, of: $0.stream) }
        var found: [String: StreamPage] = [:]
        var told: [String: TouchedSpan] = [:]
        for (stream, version) in places {
            if let page = StreamPage(atHand: hints.atHand[stream], after: version, limit: limit) {
                found[stream] = page
            } else if let hinted = hints.versions[stream], hinted <= version + limit {
                told[stream] = TouchedSpan(after: version, upTo: max(hinted, version))
            }
        }
        for (stream, events) in try await spans(told, toTheEnd: true) { found[stream] = StreamPage(events: events, isLast: true) }
        return try await withThrowingTaskGroup(of: (String, StreamPage).self) { group in
            for (stream, version) in places where found[stream] == nil {
                let hinted = hints.versions[stream]
                group.addTask { (stream, try await page(of: stream, after: version, limit: limit, atLeast: hinted ?? 0)) }
            }
            return try await group.reduce(into: found) { $0[$1.0] = $1.1 }.filter { !$1.isEmpty }
        }
    }

    private static let tries = 6

    /// At most `limit` events after `version`. A stream that doesn't reach `atLeast` yet is read again for a third of a second: the items of a transaction
    /// may become visible one after the other. It may never reach it, as the bus may be wrong.
    func page(of stream: String, after version: Int, limit: Int, atLeast: Int = 0) async throws -> StreamPage {
        var attempt = 0
        while true {
            let page = try await page(of: stream, after: version, limit: limit)
            guard page.isLast, page.fault == nil, (page.events.last?.version ?? version) < atLeast, attempt < Self.tries else {
                return page
            }
            try await dynamo.clock.sleep(.milliseconds(5 << attempt))
            attempt += 1
        }
    }

    private func page(of stream: String, after version: Int, limit: Int) async throws -> StreamPage {
        do {
            let (events, isLast) = try await part(stream, after: version, limit: limit)
            return StreamPage(events: events, isLast: isLast)
        } catch let fault as any StreamFault {
            return StreamPage(events: [], isLast: true, fault: fault)
        }
    }
}
