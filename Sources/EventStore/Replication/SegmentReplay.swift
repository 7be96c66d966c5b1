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
        try await ledger.dynamo.getItem(table, key).map { ReplayCheckpoint(item: $0, source: source) } ?? ReplayCheckpoint()
    }

    private func page(after checkpoint: ReplayCheckpoint, cuts: [Int]) async throws -> ReplayCheckpoint {
        let page = try await ledger.dynamo.scan(
            DynamoDB.ScanRequest(
                table: ledger.names.release(source).events, segment: segment, totalSegments: total, startKey: checkpoint.resumeKey))
        var next = checkpoint
        var copies: [Item] = []
        for item in page.items {
            let event = try StoredEvent(item: item)
            let shard = ledger.shards.shard(of: event.aggregateId)
            guard event.epoch <= cuts[shard] else { continue }
            var copy = StreamCopy(from: source)
            if let open = next.stream, open.aggregateId == event.aggregateId { copy = open.copy }
            let converted = try copy.copy(event, by: transform.forward)
            next.stream = .init(aggregateId: event.aggregateId, copy: copy)
            next.progress[shard, default: .zero].add(source: event, target: converted, on: ledger.shards)
            if let converted { copies.append(converted.item) }
            switch transform.provesReversible(event) {
            case .some(true): next.proven += 1
            case .some(false): next.unproven[event.type, default: 0] += 1
            case .none: break
            }
        }
        try await ledger.dynamo.batchPut(ledger.names.release(target).events, copies)
        next.resumeKey = page.lastKey
        next.finished = page.lastKey == nil
        next.pages += 1
        return try await store(next, after: checkpoint)
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
