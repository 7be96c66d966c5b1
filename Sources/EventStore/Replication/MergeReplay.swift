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
        return try await PagedWork(ledger: ledger, log: log, pace: pace).run(until: until, scan: scan) { page, checkpoint, ledger, _ in
            let paced = MergeReplay(ledger: ledger, source: source, target: target, segment: segment, total: total)
            return try await paced.write(page, after: checkpoint)
        }
    }

    private var names: ReleaseNames { ledger.names.release(target) }
    private var log: CheckpointLog {
        CheckpointLog(ledger: ledger, table: names.cursors, key: CursorKey.merge(of: source, segment: segment, of: total))
    }

    private func write(_ page: DynamoDB.EncodedPage, after checkpoint: ReplayCheckpoint) async throws -> ReplayCheckpoint {
        var next = checkpoint
        for item in page.items {
            let item = try item.decoded()
            guard let stream = item["target"]?.string else { throw OddItem(item: item, attribute: "target") }
            if stream != next.lastStream { try await merge(stream, &next) }
            next.lastStream = stream
        }
        return next
    }

    /// Reads one stream in its order, a page at a time.
    private func merge(_ stream: String, _ next: inout ReplayCheckpoint) async throws {
        var query = DynamoDB.QueryRequest(table: names.staging, keyCondition: "#target = :target", values: [":target": .s(stream)])
        let shard = ledger.shards.shard(of: stream)
        var version = 0
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
        } while query.startKey != nil
    }
}
