import EventSourcing
import EventStore

extension HandoverRoute {
    /// From the live release to its candidate: what the cut counted, and what the tail added since.
    static func cutover(_ view: StackView, from: ReleaseRecord, to: ReleaseRecord) async throws -> HandoverRoute {
        guard let replayed = to.replayed else { throw NotReady(release: to.release, phase: to.phase) }
        return try await cutover(
            ledger: view.ledger, from: from.release, to: to.release, replicator: to.names.function("replicator"),
            replayed: replayed.totals, keepsWayBack: to.manifest.transform?.reversible ?? true)
    }

    /// `replicator`: the function that carries what `from` commits into `to`. `replayed`: what replay put into `to`, per shard.
    package static func cutover(
        ledger: Ledger, from: String, to: String, replicator: String, replayed: [Totals], keepsWayBack: Bool
    ) async throws -> HandoverRoute {
        HandoverRoute(
            kind: .cutover, from: from, to: to, replicator: replicator,
            sourceBase: try await ledger.heads().map { $0.cut?.totals ?? .zero }, targetBase: replayed, keepsWayBack: keepsWayBack,
            progress: ProgressReader(
                dynamo: ledger.dynamo, table: ledger.names.release(to).cursors, source: from, shards: ledger.shards))
    }
}
