import AWS
import EventSourcing

/// Measures one segment of what a replay wrote, and hands its streams to the projectors: the second pass of a replay.
///
/// A checkpoint follows every thousand events or so. A stream that is handed over again, since what lies between two checkpoints was done twice, changes
/// nothing.
public struct SegmentProof: Sendable {
    public let ledger: Ledger
    public let source: String
    public let target: String
    public let segment: Int
    public let total: Int
    private let project: (@Sendable (ProjectionBatch) async throws -> Void)?

    /// - Parameter project: returns when the projectors have applied every event of these streams; `nil`: there are none.
    public init(
        ledger: Ledger, source: String, target: String, segment: Int, total: Int,
        project: (@Sendable (ProjectionBatch) async throws -> Void)?
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
        return try await PagedWork(ledger: ledger, log: log, pace: ReplayPace(giveUp: giveUp)).run(until: until, scan: scan) {
            try await measure($0, $1)
        }
    }

    private var names: ReleaseNames { ledger.names.release(target) }
    private var log: CheckpointLog {
        CheckpointLog(ledger: ledger, table: names.cursors, key: CursorKey.proof(of: source, segment: segment, of: total))
    }

    private func measure(_ page: DynamoDB.EncodedPage, _ turn: PagedWork.Turn) async throws -> ReplayCheckpoint {
        var next = turn.checkpoint
        var batch = ProjectionBatch()
        var (key, unsaved) = (next.resumeKey, 0)
        var (stream, shard) = ("", 0)
        var scratch: [UInt8] = []
        for item in page.items {
            if unsaved >= turn.events {
                try await hand(&batch, turn)
                next = try await turn.save(next, key)
                unsaved = 0
            }
            let event = try WireEvent(item)
            if event.aggregateId != stream {
                (stream, shard) = (event.aggregateId, ledger.shards.shard(of: event.aggregateId))
            }
            if project != nil {
                let decoded = try event.decoded()
                if batch.isFull(for: decoded) { try await hand(&batch, turn) }
                batch.add(decoded)
            }
            next.progress[shard, default: .zero].source.add(digest: try event.digest(version: event.version, &scratch))
            key = event.key
            unsaved += 1
        }
        try await hand(&batch, turn)
        return next
    }

    private func hand(_ waiting: inout ProjectionBatch, _ turn: PagedWork.Turn) async throws {
        guard let project, !waiting.events.isEmpty else { return }
        let batch = waiting
        waiting = ProjectionBatch()
        let start = ContinuousClock.now
        try await project(batch)
        turn.hasProjected(start)
    }
}
