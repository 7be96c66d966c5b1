import AWS
import EventSourcing

/// Gives the staged events of merged streams their versions: the pass of a replay that follows the first one, where a transform merges streams.
///
/// It starts when every segment of the first pass is finished. A rerun writes the same bytes.
public struct MergeReplay: Sendable {
    public let ledger: Ledger
    public let source: String
    public let target: String
    public let segment: Int
    public let total: Int

    public init(ledger: Ledger, source: String, target: String, segment: Int, total: Int) {
        self.ledger = ledger
        self.source = source
        self.target = target
        self.segment = segment
        self.total = total
    }

    /// Goes on from the last checkpoint until the segment is finished or `until` has passed. `staged` of the checkpoint says what was read.
    public func run(until: ContinuousClock.Instant) async throws -> ReplayCheckpoint {
        try await work(until: until, pace: ReplayPace()).checkpoint
    }

    /// As ``run(until:)``, at a pace.
    public func work(until: ContinuousClock.Instant, pace: ReplayPace) async throws -> ReplayStep {
        let scan = DynamoDB.ScanRequest(table: names.staging, segment: segment, totalSegments: total, attributes: ["target", "order"])
        return try await PagedWork(ledger: ledger, log: log, pace: pace).run(until: until, scan: scan) { page, turn in
            let paced = MergeReplay(ledger: turn.ledger, source: source, target: target, segment: segment, total: total)
            return try await paced.write(page, turn)
        }
    }

    private var names: ReleaseNames { ledger.names.release(target) }
    private var log: CheckpointLog {
        CheckpointLog(ledger: ledger, table: names.cursors, key: CursorKey.merge(of: source, segment: segment, of: total))
    }

    /// The streams of a page, which shows keys alone.
    private func write(_ page: DynamoDB.EncodedPage, _ turn: PagedWork.Turn) async throws -> ReplayCheckpoint {
        var next = turn.checkpoint
        var key = next.resumeKey
        var unsaved = 0
        for (index, item) in page.items.enumerated() {
            let item = try item.decoded()
            guard let stream = item["target"]?.string else { throw OddItem(item: item, attribute: "target") }
            if stream != next.lastStream {
                try await merge(stream, &next, after: key, &unsaved, turn)
                (next.lastStream, next.open) = (stream, nil)
                // The page's own end follows its last stream.
                if unsaved >= turn.events, index < page.items.count - 1 {
                    next = try await turn.save(next, item)
                    unsaved = 0
                }
            }
            key = item
        }
        return next
    }

    /// Reads one stream in its order, a page at a time.
    private func merge(
        _ stream: String, _ next: inout ReplayCheckpoint, after key: Item?, _ unsaved: inout Int, _ turn: PagedWork.Turn
    ) async throws {
        let open = next.open.flatMap { $0.aggregateId == stream ? $0 : nil }
        var query = DynamoDB.QueryRequest(
            table: names.staging, keyCondition: "#target = :target", values: [":target": .s(stream)], limit: turn.events,
            startKey: open?.resumeKey)
        let shard = ledger.shards.shard(of: stream)
        var version = open?.version ?? 0
        repeat {
            let page = try await ledger.dynamo.query(query)
            let events = try page.items.map { item in
                var event = try StoredEvent(item: item)
                next.staged.add(event)
                version += 1
                event.version = version
                return event
            }
            next.progress[shard, default: .zero].add(copies: events, on: ledger.shards)
            try await ledger.dynamo.batchPut(names.events, encoded: events.map(\.encoded))
            query.startKey = page.lastKey
            unsaved += events.count
            if unsaved >= turn.events, query.startKey != nil {
                next.open = OpenStream(aggregateId: stream, version: version, targetVersion: version, resumeKey: query.startKey)
                next = try await turn.save(next, key)
                unsaved = 0
            }
        } while query.startKey != nil
    }
}
