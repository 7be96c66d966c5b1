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
        var checkpoint = try await log.load()
        while !checkpoint.finished {
            try Task.checkCancellation()
            checkpoint = try await page(after: checkpoint, cuts: cuts)
            if ContinuousClock.now >= until { break }
        }
        return checkpoint
    }

    private var log: CheckpointLog {
        CheckpointLog(
            ledger: ledger, table: ledger.names.release(target).cursors,
            key: CursorKey.replay(of: source, segment: segment, of: total))
    }

    private func page(after checkpoint: ReplayCheckpoint, cuts: [Int]) async throws -> ReplayCheckpoint {
        let page = try await ledger.dynamo.scan(
            DynamoDB.ScanRequest(
                table: ledger.names.release(source).events, segment: segment, totalSegments: total, startKey: checkpoint.resumeKey))
        var batch = ReplayBatch(shards: ledger.shards, checkpoint: checkpoint)
        for (index, run) in try Self.runs(page.items).enumerated() where run.aggregateId != checkpoint.lastStream {
            let shard = ledger.shards.shard(of: run.aggregateId)
            let cut = cuts[shard]
            let isWhole = page.lastKey == nil || run.end < page.items.count
            var stream = ReplayedStream(
                run.aggregateId, on: shard, transform: transform, from: source, isSampled: index % Self.sampledStreams == 0)
            if isWhole, run.startsAtOne {
                for event in run.events where event.epoch <= cut { try stream.carry(event, into: &batch) }
            } else {
                try await copyByQuery(&stream, run.aggregateId, cut: cut, &batch)
            }
            try stream.finish(into: &batch)
            batch.checkpoint.lastStream = run.aggregateId
        }
        try await write(&batch)
        var next = batch.checkpoint
        next.resumeKey = page.lastKey
        next.finished = page.lastKey == nil
        next.pages += 1
        return try await log.store(next, after: checkpoint)
    }

    /// One stream of this many is converted twice.
    private static let sampledStreams = 16

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
        for (index, event) in try OddSource.events(of: items).enumerated() {
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
        _ stream: inout ReplayedStream, _ aggregateId: String, cut: Int, _ batch: inout ReplayBatch
    ) async throws {
        let reader = StreamReader(dynamo: ledger.dynamo, table: ledger.names.release(source).events)
        while true {
            let events = try await reader.page(aggregateId, after: stream.sourceVersion, limit: Self.eventsPerQuery)
            for event in events {
                if event.epoch > cut { return }
                try stream.carry(event, into: &batch)
            }
            if events.isEmpty { return }
            try await write(&batch)
        }
    }

    private static let eventsPerQuery = 1_000

    private func write(_ batch: inout ReplayBatch) async throws {
        let names = ledger.names.release(target)
        try await TargetClaim.write(batch.claims, in: ledger, source: source, cursors: names.cursors)
        try await ledger.dynamo.batchPut(names.events, batch.copies.map(\.item))
        try await ledger.dynamo.batchPut(names.staging, batch.staged)
        (batch.claims, batch.copies, batch.staged) = ([], [], [])
    }
}
