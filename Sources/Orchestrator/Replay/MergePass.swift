import AWS
import EventSourcing
import EventStore

/// Has the candidate's own functions give the staged events of merged streams their versions, and holds what they found against what was staged.
struct MergePass: Sendable {
    let cloud: Cloud
    let candidate: ReleaseRecord
    let source: String
    let options: ReplayOptions
    let sink: ProgressSink

    /// Returns the checkpoints of the finished segments; none where nothing was staged. Throws ``StagedDiffer``.
    func run(_ staged: Totals) async throws -> [ReplayCheckpoint] {
        guard staged.events > 0 else { return [] }
        let progress = PassProgress("events of merged streams", total: staged.events, toCome: staged.events, sink: sink)
        let runner = candidate.runner(of: .merge, in: cloud, source: source, options: options, sink: sink)
        try await runner.run { segment, answer in progress.tell { $0.add(segment: segment, answer, at: $1) } }
        let checkpoints = try await checkpoints()
        let merged = checkpoints.reduce(Totals.zero) { $0 + $1.staged }
        guard merged == staged else { throw StagedDiffer(release: candidate.release, staged: staged, merged: merged) }
        return checkpoints
    }

    func checkpoints() async throws -> [ReplayCheckpoint] {
        let segments = candidate.replaySettings.segments
        return try await ReplayOrder.Pass.merge.checkpoints(of: source, total: segments, in: candidate.names.cursors, cloud.dynamo)
            .map(\.value)
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
