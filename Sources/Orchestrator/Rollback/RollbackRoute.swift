import EventSourcing
import EventStore

extension HandoverRoute {
    /// Back to the release that was live before: what the cutover's record counted on both sides, and what the return replicator added since.
    static func rollback(_ view: StackView, from: ReleaseRecord, to: ReleaseRecord) async throws -> HandoverRoute {
        let cutover = try await view.handovers.all().last {
            $0.kind == .cutover && $0.from == to.release && $0.to == from.release && $0.state == .completed
        }
        guard let cutover else {
            throw NothingToHandOver(
                stack: view.stack, problem: "no completed cutover from \(to.release) to \(from.release) is on record")
        }
        guard cutover.keepsWayBack else {
            throw NothingToHandOver(
                stack: view.stack,
                problem: "the transform of \(from.release) has no way back: what it wrote can't be turned into events of \(to.release)")
        }
        return HandoverRoute(
            kind: .rollback, from: from.release, to: to.release, replicator: from.names.function("return-replicator"),
            sourceBase: cutover.toTotals, targetBase: cutover.fromTotals,
            keepsWayBack: false,
            progress: ProgressReader(
                dynamo: view.cloud.dynamo, table: to.names.cursors, source: from.release, shards: view.shards))
    }
}
