import EventSourcing
import EventStore

extension HandoverRoute {
    /// From the live release to its candidate: what the cut counted, and what the tail added since.
    static func cutover(_ view: StackView, from: ReleaseRecord, to: ReleaseRecord) async throws -> HandoverRoute {
        guard let replayed = to.replayed else { throw NotReady(release: to.release, phase: to.phase) }
        return HandoverRoute(
            kind: .cutover, from: from.release, to: to.release, replicator: to.names.function("replicator"),
            sourceBase: try await view.ledger.heads().map { $0.cut?.totals ?? .zero }, targetBase: replayed.totals,
            keepsWayBack: to.manifest.transform?.reversible ?? true,
            progress: ProgressReader(
                dynamo: view.cloud.dynamo, table: to.names.cursors, source: from.release, shards: view.shards))
    }
}
