import AWS
import EventSourcing

/// Measures one segment of what a replay wrote, and hands its streams to the projectors: the second pass of a replay, where a function runs it.
///
/// A stream that is handed over again, since a page was done twice, changes nothing.
public struct SegmentProof: Sendable {
    public let ledger: Ledger
    public let source: String
    public let target: String
    public let segment: Int
    public let total: Int
    private let project: @Sendable ([String]) async throws -> Void

    /// - Parameter project: returns when the projectors have applied every event of these streams.
    public init(
        ledger: Ledger, source: String, target: String, segment: Int, total: Int,
        project: @escaping @Sendable ([String]) async throws -> Void
    ) {
        self.ledger = ledger
        self.source = source
        self.target = target
        self.segment = segment
        self.total = total
        self.project = project
    }

    /// Goes on from the last checkpoint until the segment is finished or `until` has passed. Its `progress` holds, as each shard's source, what
    /// is there.
    ///
    /// `giveUp`: as of a ``ReplayPace``. It writes nothing but checkpoints, so no allowance holds it up.
    public func work(until: ContinuousClock.Instant, giveUp: ContinuousClock.Instant? = nil) async throws -> ReplayStep {
        let scan = DynamoDB.ScanRequest(table: names.events, segment: segment, totalSegments: total)
        var projecting = 0.0
        var step = try await PagedWork(ledger: ledger, log: log, pace: ReplayPace(giveUp: giveUp)).run(until: until, scan: scan) {
            page, checkpoint, _, _ in try await measure(page, after: checkpoint, &projecting)
        }
        step.effort.projecting = projecting
        step.effort.transforming = max(0, step.effort.transforming - projecting)
        return step
    }

    private var names: ReleaseNames { ledger.names.release(target) }
    private var log: CheckpointLog {
        CheckpointLog(ledger: ledger, table: names.cursors, key: CursorKey.proof(of: source, segment: segment, of: total))
    }

    private func measure(
        _ page: DynamoDB.EncodedPage, after checkpoint: ReplayCheckpoint, _ projecting: inout Double
    ) async throws -> ReplayCheckpoint {
        var next = checkpoint
        var streams: [String] = []
        var shard = 0
        var scratch: [UInt8] = []
        for item in page.items {
            let event = try WireEvent(item)
            if event.aggregateId != next.lastStream || streams.isEmpty { shard = ledger.shards.shard(of: event.aggregateId) }
            if event.aggregateId != next.lastStream { streams.append(event.aggregateId) }
            next.lastStream = event.aggregateId
            next.progress[shard, default: .zero].source.add(digest: try event.digest(version: event.version, &scratch))
        }
        let start = ContinuousClock.now
        if !streams.isEmpty { try await project(streams) }
        projecting += (ContinuousClock.now - start) / .seconds(1)
        return next
    }
}
