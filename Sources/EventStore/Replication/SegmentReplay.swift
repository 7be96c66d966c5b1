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
    private let quarantines: Bool

    /// - Parameter quarantines: whether items of the source that are no events are set aside; else they stop the replay.
    public init(
        ledger: Ledger, source: String, target: String, segment: Int, total: Int, transform: AnyTransform, quarantines: Bool = false
    ) {
        self.ledger = ledger
        self.source = source
        self.target = target
        self.segment = segment
        self.total = total
        self.transform = transform
        self.quarantines = quarantines
    }

    /// Goes on from the last checkpoint until the segment is finished or `until` has passed. Returns the last checkpoint.
    public func run(until: ContinuousClock.Instant) async throws -> ReplayCheckpoint {
        try await work(until: until, pace: ReplayPace()).checkpoint
    }

    /// As ``run(until:)``, at a pace.
    public func work(until: ContinuousClock.Instant, pace: ReplayPace) async throws -> ReplayStep {
        let cuts = try await ledger.heads().map { $0.cut?.epoch ?? 0 }
        return try await PagedWork(ledger: ledger, log: log, pace: pace).run(until: until) { checkpoint, ledger, limit in
            let paced = SegmentReplay(
                ledger: ledger, source: source, target: target, segment: segment, total: total, transform: transform,
                quarantines: quarantines)
            return try await paced.page(after: checkpoint, cuts: cuts, limit: limit)
        }
    }

    private var log: CheckpointLog {
        CheckpointLog(
            ledger: ledger, table: ledger.names.release(target).cursors,
            key: CursorKey.replay(of: source, segment: segment, of: total))
    }

    private func page(after checkpoint: ReplayCheckpoint, cuts: [Int], limit: Int?) async throws -> PagedWork.Page {
        let page = try await ledger.dynamo.scan(
            DynamoDB.ScanRequest(
                table: ledger.names.release(source).events, segment: segment, totalSegments: total, limit: limit,
                startKey: checkpoint.resumeKey))
        var batch = ReplayBatch(shards: ledger.shards, checkpoint: checkpoint)
        for (index, run) in try runs(page.items).enumerated() where run.aggregateId != checkpoint.lastStream {
            let shard = ledger.shards.shard(of: run.aggregateId)
            let cut = cuts[shard]
            let isWhole = page.lastKey == nil || run.end < page.items.count
            var stream = ReplayedStream(
                run.aggregateId, on: shard, transform: transform, from: source, isSampled: index % Self.sampledStreams == 0)
            if run.hasOddItems {
                try await copySoundPart(&stream, run.aggregateId, on: shard, cut: cut, &batch)
            } else if isWhole, run.startsAtOne {
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
        return PagedWork.Page(checkpoint: next, items: page.items.count)
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
        /// Some items of the stream are no events.
        var hasOddItems = false

        var startsAtOne: Bool { events.first?.version == 1 && events.last?.version == events.count }
    }

    /// A Scan keeps the items of a partition key together in practice, but not everywhere by version: a local cloud sorts numbers as text.
    private func runs(_ items: [Item]) throws -> [Run] {
        var runs: [Run] = []
        var odd: [OddItem] = []
        for (index, item) in items.enumerated() {
            let item = try SourceItem(item)
            let stream =
                switch item {
                case .event(let event): event.aggregateId
                case .odd(let item, _): item["aggregateId"]?.string ?? ""
                }
            if runs.last?.aggregateId != stream { runs.append(Run(aggregateId: stream, events: [], end: index)) }
            runs[runs.count - 1].end = index + 1
            switch item {
            case .event(let event): runs[runs.count - 1].events.append(event)
            case .odd(_, let error):
                runs[runs.count - 1].hasOddItems = true
                odd.append(error)
            }
        }
        if !quarantines, let stop = OddSource(odd) { throw stop }
        for index in runs.indices { runs[index].events.sort { $0.version < $1.version } }
        return runs
    }

    /// A stream that may go on in the next page is read as a whole by a Query of its own; the rest of it in the scan is passed over.
    private func copyByQuery(
        _ stream: inout ReplayedStream, _ aggregateId: String, cut: Int, _ batch: inout ReplayBatch
    ) async throws {
        let reader = StreamReader(dynamo: ledger.dynamo, table: ledger.names.release(source).events)
        while true {
            let events: [StoredEvent]
            do {
                events = try await reader.page(aggregateId, after: stream.sourceVersion, limit: Self.eventsPerQuery)
            } catch let odd as OddItem {
                guard quarantines else { throw OddSource([odd]) ?? odd }
                // What was carried of it stays: the sound part goes on from there.
                let shard = ledger.shards.shard(of: aggregateId)
                return try await copySoundPart(&stream, aggregateId, on: shard, cut: cut, &batch)
            }
            for event in events {
                if event.epoch > cut { return }
                try stream.carry(event, into: &batch)
            }
            if events.isEmpty { return }
            try await write(&batch)
        }
    }

    private static let eventsPerQuery = 1_000

    /// A stream with items that are no events: what stands before the first of them is copied. It, and whatever follows it up to the cut, is set
    /// aside, since no state can be told from events with one missing.
    private func copySoundPart(
        _ stream: inout ReplayedStream, _ aggregateId: String, on shard: Int, cut: Int, _ batch: inout ReplayBatch
    ) async throws {
        var query = DynamoDB.QueryRequest(
            table: ledger.names.release(source).events, keyCondition: "#aggregateId = :id", values: [":id": .s(aggregateId)],
            limit: Self.eventsPerQuery)
        var isSound = true
        repeat {
            let page = try await ledger.dynamo.query(query)
            for item in page.items {
                switch try SourceItem(item) {
                case .event(let event) where event.epoch > cut: break
                case .event(let event) where isSound:
                    if event.version > stream.sourceVersion { try stream.carry(event, into: &batch) }
                case .event(let event):
                    let reason = "it follows an item that is no event"
                    batch.setAside(item, key: event.position, reason: reason, from: source, on: shard)
                case .odd(_, let odd):
                    isSound = false
                    batch.setAside(item, key: odd.key, reason: "it has no usable '\(odd.attribute)'", from: source, on: shard)
                }
            }
            if page.lastKey == nil { batch.aside.append(Quarantine.mark(aggregateId, source: source, after: stream.sourceVersion)) }
            try await write(&batch)
            query.startKey = page.lastKey
        } while query.startKey != nil
    }

    private func write(_ batch: inout ReplayBatch) async throws {
        let names = ledger.names.release(target)
        try await TargetClaim.write(batch.claims, in: ledger, source: source, cursors: names.cursors)
        try await ledger.dynamo.batchPut(names.events, batch.copies.map(\.item))
        try await ledger.dynamo.batchPut(names.staging, batch.staged)
        try await ledger.dynamo.batchPut(names.cursors, batch.aside)
        (batch.claims, batch.copies, batch.staged, batch.aside) = ([], [], [], [])
    }
}
