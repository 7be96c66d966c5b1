import AWS
import EventSourcing

/// Reads streams of one release's events table, consistently and without gaps.
public struct StreamReader: Sendable {
    public let dynamo: any ItemStore
    public let table: String

    public init(dynamo: any ItemStore, table: String) {
        self.dynamo = dynamo
        self.table = table
    }

    /// How often a read that shows a gap is repeated: a committed transaction's items may become visible at slightly different moments.
    private static let attempts = 6

    /// All events after `version`. Throws ``StreamGap`` where one stays missing, or where the stream doesn't reach `atLeast`.
    public func load(_ aggregateId: String, after version: Int = 0, atLeast: Int = 0) async throws -> [StoredEvent] {
        try await settled(aggregateId, after: version, atLeast: atLeast, \.version) {
            try await dynamo.queryAll(request(aggregateId, after: version)).map(StoredEvent.init(item:))
        }
    }

    /// The next events after `version`: one page of at most `limit`.
    public func page(_ aggregateId: String, after version: Int, limit: Int, atLeast: Int = 0) async throws -> [StoredEvent] {
        try await part(aggregateId, after: version, limit: limit, atLeast: atLeast).events
    }

    /// As `page`; `isLast` says that the stream had no more when it was read.
    public func part(
        _ aggregateId: String, after version: Int, limit: Int, atLeast: Int = 0
    ) async throws -> (events: [StoredEvent], isLast: Bool) {
        var isLast = false
        let events = try await settled(aggregateId, after: version, atLeast: min(atLeast, version + 1), \.version) {
            var query = request(aggregateId, after: version)
            query.limit = limit
            let page = try await dynamo.query(query)
            isLast = page.lastKey == nil
            return try page.items.map(StoredEvent.init(item:))
        }
        return (events, isLast)
    }

    /// The events of some spans, by stream, with one call for each 100. Streams are left out of which an event doesn't show yet, or can't be read, or
    /// that have more than ``spanLimit`` of them: ``part(_:after:limit:atLeast:)`` tells more.
    /// - Parameter toTheEnd: streams that go on after their span are left out, too.
    public func spans(_ spans: [String: TouchedSpan], toTheEnd: Bool = false) async throws -> [String: [StoredEvent]] {
        let short = spans.filter { $1.after >= 0 && $1.after <= $1.upTo && $1.upTo - $1.after <= Self.spanLimit }
        let keys = short.flatMap { stream, span in
            (span.after + 1..<span.upTo + (toTheEnd ? 2 : 1)).map { ["aggregateId": .s(stream), "version": .int($0)] as Item }
        }
        if keys.isEmpty { return [:] }
        let items = Dictionary(grouping: try await dynamo.batchGet(table, keys: keys)) { $0["aggregateId"]?.string ?? "" }
        var found: [String: [StoredEvent]] = [:]
        for (stream, span) in short {
            let items = items[stream] ?? []
            guard let events = try? items.map(StoredEvent.init(item:)).sorted(by: { $0.version < $1.version }) else { continue }
            // Not by their count: of a transaction's items the later may be visible first.
            if events.map(\.version).elementsEqual(span.after + 1..<span.upTo + 1) { found[stream] = events }
        }
        return found
    }

    /// A page of a query reads more of a stream for less, and not more than 1 MB. Three events and the one after them have 1.6 MB at most.
    public static let spanLimit = 3

    /// As ``page(_:after:limit:)``, the events as their bytes came.
    func wirePage(_ aggregateId: String, after version: Int, limit: Int) async throws -> [WireEvent] {
        try await settled(aggregateId, after: version, atLeast: 0, \.version) {
            var query = request(aggregateId, after: version)
            query.limit = limit
            return try await dynamo.queryEncoded(query).items.map { try WireEvent($0) }
        }
    }

    /// Events from the last one backwards, a page at a time; `visit` says whether to go on.
    public func backwards(_ aggregateId: String, pageSize: Int = 20, _ visit: (StoredEvent) throws -> Bool) async throws {
        var query = request(aggregateId, after: 0)
        query.ascending = false
        query.limit = pageSize
        repeat {
            let page = try await dynamo.query(query)
            for item in page.items where try !visit(StoredEvent(item: item)) { return }
            query.startKey = page.lastKey
        } while query.startKey != nil
    }

    /// The version of the stream's last event; 0 where there is none.
    public func lastVersion(_ aggregateId: String) async throws -> Int {
        var last = 0
        try await backwards(aggregateId, pageSize: 1) {
            last = $0.version
            return false
        }
        return last
    }

    private func request(_ aggregateId: String, after version: Int) -> DynamoDB.QueryRequest {
        DynamoDB.QueryRequest(
            table: table, keyCondition: "#aggregateId = :id AND #version > :version",
            values: [":id": .s(aggregateId), ":version": .int(version)])
    }

    private func settled<Event>(
        _ aggregateId: String, after version: Int, atLeast: Int, _ versionOf: (Event) -> Int, _ read: () async throws -> [Event]
    ) async throws -> [Event] {
        var gap = StreamGap(aggregateId: aggregateId, expected: version + 1, found: 0)
        for attempt in 0..<Self.attempts {
            if attempt > 0 { try await dynamo.clock.sleep(.milliseconds(5 << attempt)) }
            let events = try await read()
            if let (offset, event) = events.enumerated().first(where: { versionOf($1) != version + 1 + $0 }) {
                gap = StreamGap(aggregateId: aggregateId, expected: version + 1 + offset, found: versionOf(event))
            } else if version + events.count < atLeast {
                gap = StreamGap(aggregateId: aggregateId, expected: version + events.count + 1, found: atLeast)
            } else {
                return events
            }
        }
        throw gap
    }
}
