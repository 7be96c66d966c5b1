import AWS
import EventSourcing
import EventStore
import Foundation

/// The engine's own first pass: its segment workers, side by side in one process.
enum ReplayCopier {
    static func run(endpoint: String?, given: String?, target: String, transform: AnyTransform, recording: String?) async throws
        -> SelfReport
    {
        let counter = Counter()
        let recorder = try recording.map(Recording.init(path:))
        let tables = try Tables(endpoint: endpoint, given: given) { CountingTransport(base: $0, counter: counter, recording: recorder) }
        let ledger = tables.ledger
        let checkpoints = try await withThrowingTaskGroup(of: ReplayCheckpoint.self) { group in
            for segment in 0..<Tables.segments {
                group.addTask {
                    try await SegmentReplay(
                        ledger: ledger, source: Tables.source, target: target, segment: segment, total: Tables.segments,
                        transform: transform
                    ).run(until: .now + .seconds(86_400))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        try recorder?.close()
        let unproven = checkpoints.reduce(0) { $0 + $1.unproven.values.reduce(0, +) }
        guard unproven == 0 else { throw Refusal("\(unproven) events didn't come back as they were") }
        return counter.report(events: checkpoints.reduce(0) { $0 + $1.events })
    }
}
