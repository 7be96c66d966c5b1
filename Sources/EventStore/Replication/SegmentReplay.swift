import AWS
import EventSourcing

/// Copies one segment of the live events table into a new release, up to the cut: the first pass of a replay.
public struct SegmentReplay: Sendable {
    public let ledger: Ledger
    public let source: String
    public let target: String
    public let segment: Int
    public let total: Int
    private let transform: AnyTransform

    public init(ledger: Ledger, source: String, target: String, segment: Int, total: Int, transform: AnyTransform) {
        self.ledger = ledger
        self.source = source
        self.target = target
        self.segment = segment
        self.total = total
        self.transform = transform
    }

    /// Goes on from the last checkpoint until the segment is finished or `until` has passed. Returns the last checkpoint.
    public func run(until: ContinuousClock.Instant) async throws -> ReplayCheckpoint {
        let cuts = try await ledger.heads().map { $0.cut?.epoch ?? 0 }
        var checkpoint = try await load()
        while !checkpoint.finished {
            try Task.checkCancellation()
            checkpoint = try await page(after: checkpoint, cuts: cuts)
            if ContinuousClock.now >= until { break }
        }
        return checkpoint
    }

    private var table: String { ledger.names.release(target).cursors }
    private var key: Item { ["consumer": .s(CursorKey.replay(of: source, segment: segment, of: total))] }

    private func load() async throws -> ReplayCheckpoint {
        try await ledger.dynamo.getItem(table, key).map(ReplayCheckpoint.init(item:)) ?? ReplayCheckpoint()
    }

    private func page(after checkpoint: ReplayCheckpoint, cuts: [Int]) async throws -> ReplayCheckpoint {
        let page = try await ledger.dynamo.scan(
            DynamoDB.ScanRequest(
                table: ledger.names.release(source).events, segment: segment, totalSegments: total, startKey: checkpoint.resumeKey))
        var next = checkpoint
        var copies: [Item] = []
        for run in try Self.runs(page.items) where run.aggregateId != checkpoint.lastStream {
            let cut = cuts[ledger.shards.shard(of: run.aggregateId)]
            let isWhole = page.lastKey == nil || run.end < page.items.count
            if isWhole, run.startsAtOne {
                var copy = StreamCopy(from: source)
                for event in run.events where event.epoch <= cut { try carry(event, &copy, &next, &copies) }
            } else {
                try await copyByQuery(run.aggregateId, cut: cut, &next, &copies)
            }
            next.lastStream = run.aggregateId
        }
        try await write(&copies)
        next.resumeKey = page.lastKey
        next.finished = page.lastKey == nil
        next.pages += 1
        return try await store(next, after: checkpoint)
    }

    /// The items of one stream that stand together in a page.
    private struct Run {
        var aggregateId: String
        /// By version.
        var events: [StoredEvent]
        /// The index in the page after the last item.
        var end: Int

        var startsAtOne: Bool { events.first?.version == 1 && events.last?.version == events.count }
    }

    /// A Scan keeps the items of a partition key together in practice, but not everywhere by version: a local cloud sorts numbers as text.
    private static func runs(_ items: [Item]) throws -> [Run] {
        var runs: [Run] = []
        for (index, item) in items.enumerated() {
            let event = try StoredEvent(item: item)
            if let last = runs.indices.last, runs[last].aggregateId == event.aggregateId {
                runs[last].events.append(event)
                runs[last].end = index + 1
            } else {
                runs.append(Run(aggregateId: event.aggregateId, events: [event], end: index + 1))
            }
        }
        for index in runs.indices { runs[index].events.sort { $0.version < $1.version } }
        return runs
    }

    /// A stream that may go on in the next page is read as a whole by a Query of its own; the rest of it in the scan is passed over.
    private func copyByQuery(
        _ aggregateId: String, cut: Int, _ next: inout ReplayCheckpoint, _ copies: inout [Item]
    ) async throws {
        let reader = StreamReader(dynamo: ledger.dynamo, table: ledger.names.release(source).events)
        var copy = StreamCopy(from: source)
        while true {
            let events = try await reader.page(aggregateId, after: copy.sourceVersion, limit: Self.eventsPerQuery)
            for event in events {
                if event.epoch > cut { return }
                try carry(event, &copy, &next, &copies)
            }
            if events.isEmpty { return }
            try await write(&copies)
        }
    }

    private static let eventsPerQuery = 1_000

    private func carry(
        _ event: StoredEvent, _ copy: inout StreamCopy, _ next: inout ReplayCheckpoint, _ copies: inout [Item]
    ) throws {
        let converted = try copy.copy(event, by: transform.forward)
        let shard = ledger.shards.shard(of: event.aggregateId)
        next.progress[shard, default: .zero].add(source: event, target: converted, on: ledger.shards)
        if let converted { copies.append(converted.item) }
        switch transform.provesReversible(event) {
        case .some(true): next.proven += 1
        case .some(false): next.unproven[event.type, default: 0] += 1
        case .none: break
        }
    }

    private func write(_ copies: inout [Item]) async throws {
        try await ledger.dynamo.batchPut(ledger.names.release(target).events, copies)
        copies = []
    }

    private func store(_ next: ReplayCheckpoint, after previous: ReplayCheckpoint) async throws -> ReplayCheckpoint {
        do {
            try await ledger.dynamo.write(
                .put(
                    table, next.item(key: key), if: "attribute_not_exists(#pages) OR #pages = :previous",
                    values: [":previous": .int(previous.pages)]))
            return next
        } catch DynamoDBError.conditionFailed {
            // Another worker on this segment, or our own earlier try: it wrote the same bytes, so its checkpoint is as good.
            return try await load()
        }
    }
}
