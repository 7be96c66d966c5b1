import AWS
import EventSourcing

/// Finds what a candidate lacks, or has otherwise than the replay meant it, on some of its shards, and writes it again. For a candidate that was
/// replayed and doesn't follow yet. What it has besides is left alone: nobody can tell whose it is.
public struct StreamRepair: Sendable {
    private let ledger: Ledger
    private let source: String
    private let target: String
    private let mapping: Mapping

    public init(ledger: Ledger, source: String, target: String, by mapping: Mapping) {
        self.ledger = ledger
        self.source = source
        self.target = target
        self.mapping = mapping
    }

    /// What a worker is asked.
    public struct Order: Sendable, Hashable, Codable {
        /// The candidate's shards that differ.
        public var shards: Set<Int>
        public var segment: Int
        public var total: Int
        /// Where the last answer said that it stopped.
        public var resume: Place?
        /// How long to work before answering.
        public var seconds: Double

        public init(shards: Set<Int>, segment: Int, total: Int, resume: Place? = nil, seconds: Double) {
            self.shards = shards
            self.segment = segment
            self.total = total
            self.resume = resume
            self.seconds = seconds
        }
    }

    /// The last item of a scan that was looked at.
    public struct Place: Sendable, Hashable, Codable {
        var hash: String
        /// A version, or the order of a staged event.
        var range: String
    }

    public struct Answer: Sendable, Hashable, Codable {
        /// Events that were missing or other than they should be, and were written again.
        public var events = 0
        /// Write units that these took.
        public var units = 0
        /// `aggregateId@version` of the first of them, in the candidate.
        public var positions: [String] = []
        /// Absent at the end.
        public var resume: Place?

        static let shown = 50

        mutating func add(_ repaired: [StoredEvent]) {
            events += repaired.count
            units += repaired.reduce(0) { $0 + DynamoDB.writeUnits(of: $1.item) }
            positions += repaired.prefix(Self.shown - min(Self.shown, positions.count)).map(\.position)
        }
    }

    public func answer(_ order: Order, until deadline: ContinuousClock.Instant) async throws -> Answer {
        let cuts = try await ledger.heads().map { $0.cut?.epoch ?? 0 }
        var answer = Answer()
        var last = order.resume?.hash
        var request = scan(order)
        repeat {
            let page = try await ledger.dynamo.scan(request)
            for item in page.items {
                guard let place = place(of: item), place.hash != last else { continue }
                let shard = ledger.shards.shard(of: place.hash)
                if mapping.layout == .moving || order.shards.contains(shard) {
                    try await repair(place.hash, cut: cuts[shard], on: order.shards, &answer)
                }
                last = place.hash
                if ContinuousClock.now >= deadline {
                    answer.resume = place
                    return answer
                }
            }
            request.startKey = page.lastKey
        } while request.startKey != nil
        return answer
    }

    // MARK: Where streams are found

    private var isStaged: Bool { mapping.layout == .merging }
    private var found: (table: String, hash: String, range: String) {
        isStaged
            ? (ledger.names.release(target).staging, "target", "order")
            : (ledger.names.release(source).events, "aggregateId", "version")
    }

    private func scan(_ order: Order) -> DynamoDB.ScanRequest {
        let found = found
        let start: Item? = order.resume.map { place in
            [found.hash: .s(place.hash), found.range: isStaged ? .s(place.range) : .n(place.range)]
        }
        return DynamoDB.ScanRequest(
            table: found.table, segment: order.segment, totalSegments: order.total, attributes: [found.hash, found.range], startKey: start)
    }

    private func place(of item: Item) -> Place? {
        guard let hash = item[found.hash]?.string, let range = item[found.range].flatMap({ $0.string ?? $0.number }) else { return nil }
        return Place(hash: hash, range: range)
    }

    // MARK: What they should come to

    /// Every stream passes whole and in order, a page at a time; what comes of it is held against the candidate.
    private func repair(_ stream: String, cut: Int, on shards: Set<Int>, _ answer: inout Answer) async throws {
        var query = DynamoDB.QueryRequest(
            table: found.table, keyCondition: "#\(found.hash) = :id", values: [":id": .s(stream)], limit: Self.eventsPerQuery)
        var copy = StreamCopy(from: source)
        var version = 0
        var last: StoredEvent?
        pages: repeat {
            let page = try await ledger.dynamo.queryEncoded(query)
            var expected: [StoredEvent] = []
            for item in page.items {
                // What follows an item that is no event was set aside.
                guard case .event(let found) = try WireItem(item, isStaged: isStaged) else {
                    try await hold(expected, on: shards, &answer)
                    break pages
                }
                var event = try found.decoded()
                if isStaged {
                    version += 1
                    event.version = version
                    expected.append(event)
                } else if event.epoch <= cut {
                    try copy.copy(event, by: mapping, into: &expected)
                    last = event
                }
            }
            try await hold(expected, on: shards, &answer)
            query.startKey = page.lastKey
        } while query.startKey != nil
        guard !isStaged else { return }
        var added: [StoredEvent] = []
        try copy.close(after: last, by: mapping, into: &added)
        try await hold(added, on: shards, &answer)
    }

    private static let eventsPerQuery = 500

    /// Writes again what the candidate has otherwise.
    private func hold(_ events: [StoredEvent], on shards: Set<Int>, _ answer: inout Answer) async throws {
        let events = events.filter { shards.contains(ledger.shards.shard(of: $0.aggregateId)) }
        guard !events.isEmpty else { return }
        let table = ledger.names.release(target).events
        let keys: [Item] = events.map { ["aggregateId": .s($0.aggregateId), "version": .int($0.version)] }
        let there = Dictionary(
            try await ledger.dynamo.batchGet(table, keys: keys).map { item in
                (item.filter { ["aggregateId", "version"].contains($0.key) }, item)
            }, uniquingKeysWith: { first, _ in first })
        let repaired = zip(keys, events).filter { there[$0] != $1.item }.map(\.1)
        try await ledger.dynamo.batchPut(table, repaired.map(\.item))
        answer.add(repaired)
    }
}
