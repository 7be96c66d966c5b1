import AWS
import EventSourcing
import EventStore

/// Has the candidate's own functions give the staged events of merged streams their versions, and holds what they found against what was staged.
struct MergePass: Sendable {
    let cloud: Cloud
    let candidate: ReleaseRecord
    let source: String
    let sink: ProgressSink

    private static let segments = FirstPass.segments
    private static let reportSeconds = 1.0

    /// Returns the checkpoints of the finished segments; none where nothing was staged. Throws ``StagedDiffer``.
    func run(_ staged: Totals) async throws -> [ReplayCheckpoint] {
        guard staged.events > 0 else { return [] }
        sink(.note("\(staged.events) events of merged streams get their versions"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for segment in 0..<Self.segments {
                group.addTask { while try await !work(on: segment).finished {} }
            }
            try await group.waitForAll()
        }
        let checkpoints = try await checkpoints()
        let merged = checkpoints.reduce(Totals.zero) { $0 + $1.staged }
        guard merged == staged else { throw StagedDiffer(release: candidate.release, staged: staged, merged: merged) }
        return checkpoints
    }

    func checkpoints() async throws -> [ReplayCheckpoint] {
        let keys: [Item] = (0..<Self.segments).map {
            ["consumer": .s(CursorKey.merge(of: source, segment: $0, of: Self.segments))]
        }
        return try await cloud.dynamo.batchGet(candidate.names.cursors, keys: keys).map(ReplayCheckpoint.init(item:))
    }

    private struct Step: Decodable { var finished: Bool }

    private func work(on segment: Int) async throws -> Step {
        let order = "{\"pass\":\"merge\",\"segment\":\(segment),\"total\":\(Self.segments),\"seconds\":\(Self.reportSeconds)}"
        return try await FunctionCall(cloud: cloud).json(candidate.names.function("replay"), order, retry: .whenTransient)
    }
}

/// Merged streams that don't hold what was staged for them.
struct StagedDiffer: Error, CustomStringConvertible {
    var release: String
    var staged: Totals
    var merged: Totals

    var description: String {
        """
        \(merged.events) of \(staged.events) staged events of \(release)'s merged streams were found\(merged.events == staged.events ? ", and they differ" : "").
        The live release is untouched. hint: `immutable abort`, then deploy again
        """
    }
}
