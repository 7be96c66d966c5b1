import AWS
import EventSourcing

/// Copies one segment of the live events table into a new release, up to the cut: the first pass of a replay.
///
/// While a page is written the next one is read. Within a page, and within a stream, a checkpoint follows every thousand events or so: that is what
/// a kill may cost of a segment. Memory: two pages, and what comes of a thousand events.
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
        let scan = DynamoDB.ScanRequest(table: ledger.names.release(source).events, segment: segment, totalSegments: total)
        return try await PagedWork(ledger: ledger, log: log, pace: pace).run(until: until, scan: scan) { page, turn in
            let paced = SegmentReplay(
                ledger: turn.ledger, source: source, target: target, segment: segment, total: total, transform: transform,
                quarantines: quarantines)
            return try await paced.copy(SourcePage(page), cuts: cuts, turn)
        }
    }

    private var log: CheckpointLog {
        CheckpointLog(
            ledger: ledger, table: ledger.names.release(target).cursors,
            key: CursorKey.replay(of: source, segment: segment, of: total))
    }

    /// Returns when every write is confirmed that the checkpoint covers.
    private func copy(_ page: SourcePage, cuts: [Int], _ turn: PagedWork.Turn) async throws -> ReplayCheckpoint {
        if !quarantines, let stop = OddSource(page.odd) { throw stop }
        var batch = ReplayBatch(shards: ledger.shards, checkpoint: turn.checkpoint)
        var place = Place(turn: turn)
        for (index, run) in page.runs.enumerated() where run.aggregateId != turn.checkpoint.lastStream {
            let shard = ledger.shards.shard(of: run.aggregateId)
            let cut = cuts[shard]
            var stream = ReplayedStream(
                run.aggregateId, on: shard, transform: transform, from: source, isSampled: index % Self.sampledStreams == 0)
            let open = turn.checkpoint.open.flatMap { $0.aggregateId == run.aggregateId ? $0 : nil }
            if let open { try await goOn(&stream, after: open, turn) }
            if run.hasOddItems {
                try await copySoundPart(&stream, cut: cut, on: shard, &batch)
            } else if open == nil, run.isWhole, run.startsAtOne {
                for event in run.events where event.epoch <= cut { try stream.carry(event, into: &batch) }
                place.unsaved += run.events.count
            } else {
                try await copyByQuery(&stream, cut: cut, on: shard, &batch, &place)
            }
            try stream.finish(into: &batch)
            batch.checkpoint.lastStream = run.aggregateId
            batch.checkpoint.open = nil
            place.key = run.events.last?.key ?? place.key
            // The page's own end follows the last stream.
            if place.isDue, index < page.runs.count - 1 {
                try await write(&batch)
                try await place.save(&batch)
            }
        }
        try await write(&batch)
        return batch.checkpoint
    }

    /// Where a worker is within a page.
    private struct Place {
        let turn: PagedWork.Turn
        /// Of the last item of the streams that are written as a whole.
        var key: Item?
        /// Events since the last checkpoint.
        var unsaved = 0

        init(turn: PagedWork.Turn) {
            self.turn = turn
            key = turn.checkpoint.resumeKey
        }

        var isDue: Bool { unsaved >= turn.events }

        /// What the batch holds must be written.
        mutating func save(_ batch: inout ReplayBatch) async throws {
            batch.checkpoint = try await turn.save(batch.checkpoint, key)
            unsaved = 0
        }
    }

    /// One stream of this many is converted twice.
    private static let sampledStreams = 16

    /// Brings a stream to where an earlier worker was with it. Writes nothing. Throws ``TooSlow`` where there is no time left to go on.
    private func goOn(_ stream: inout ReplayedStream, after open: OpenStream, _ turn: PagedWork.Turn) async throws {
        guard !stream.skip(to: open) else { return }
        let reader = StreamReader(dynamo: ledger.dynamo, table: ledger.names.release(source).events)
        while stream.sourceVersion < open.version {
            var carried = ReplayBatch(shards: ledger.shards, checkpoint: ReplayCheckpoint())
            // Not beyond it: what follows may be no event.
            let limit = min(Self.eventsPerQuery, open.version - stream.sourceVersion)
            let events = try await reader.wirePage(open.aggregateId, after: stream.sourceVersion, limit: limit)
            for event in events { try stream.carry(event, into: &carried) }
            if let giveUp = turn.giveUp, ContinuousClock.now >= giveUp { throw TooSlow(at: turn.checkpoint, wasGoingOn: true) }
            // The next query finds what is missing, and says so.
            if events.isEmpty { break }
        }
        stream.restartCount()
    }

    /// A stream that may go on in the next page is read as a whole by a Query of its own; the rest of it in the scan is passed over.
    private func copyByQuery(
        _ stream: inout ReplayedStream, cut: Int, on shard: Int, _ batch: inout ReplayBatch, _ place: inout Place
    ) async throws {
        let reader = StreamReader(dynamo: ledger.dynamo, table: ledger.names.release(source).events)
        while true {
            let events: [WireEvent]
            do {
                events = try await reader.wirePage(
                    stream.stream, after: stream.sourceVersion, limit: min(Self.eventsPerQuery, place.turn.events))
            } catch let odd as OddItem {
                guard quarantines else { throw OddSource([odd]) ?? odd }
                // What was carried of it stays: the sound part goes on from there.
                return try await copySoundPart(&stream, cut: cut, on: shard, &batch)
            }
            for event in events {
                if event.epoch > cut { return }
                try stream.carry(event, into: &batch)
            }
            if events.isEmpty { return }
            try await write(&batch)
            place.unsaved += events.count
            if place.isDue {
                stream.settle(into: &batch)
                batch.checkpoint.open = stream.open
                try await place.save(&batch)
            }
        }
    }

    private static let eventsPerQuery = 1_000

    /// A stream with items that are no events: what stands before the first of them is copied. It, and whatever follows it up to the cut, is set
    /// aside, since no state can be told from events with one missing.
    private func copySoundPart(_ stream: inout ReplayedStream, cut: Int, on shard: Int, _ batch: inout ReplayBatch) async throws {
        var query = DynamoDB.QueryRequest(
            table: ledger.names.release(source).events, keyCondition: "#aggregateId = :id", values: [":id": .s(stream.stream)],
            limit: Self.eventsPerQuery)
        var isSound = true
        repeat {
            let page = try await ledger.dynamo.queryEncoded(query)
            for encoded in page.items {
                switch try WireItem(encoded) {
                case .event(let event) where event.epoch > cut: break
                case .event(let event) where isSound:
                    if event.version > stream.sourceVersion { try stream.carry(event, into: &batch) }
                case .event(let event):
                    let reason = "it follows an item that is no event"
                    batch.setAside(try encoded.decoded(), key: event.position, reason: reason, from: source, on: shard)
                case .odd(let item, let odd):
                    isSound = false
                    batch.setAside(item, key: odd.key, reason: "it has no usable '\(odd.attribute)'", from: source, on: shard)
                }
            }
            if page.lastKey == nil { batch.aside.append(Quarantine.mark(stream.stream, source: source, after: stream.sourceVersion)) }
            try await write(&batch)
            query.startKey = page.lastKey
        } while query.startKey != nil
    }

    private func write(_ batch: inout ReplayBatch) async throws {
        let names = ledger.names.release(target)
        if !batch.claims.isEmpty { try await TargetClaim.write(batch.claims, in: ledger, source: source, cursors: names.cursors) }
        try await ledger.dynamo.batchPut(names.events, encoded: batch.puts)
        try await ledger.dynamo.batchPut(names.staging, encoded: batch.staged)
        try await ledger.dynamo.batchPut(names.cursors, batch.aside)
        (batch.claims, batch.puts, batch.staged, batch.aside) = ([], [], [], [])
    }
}
