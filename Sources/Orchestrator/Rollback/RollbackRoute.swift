import EventSourcing
import EventStore

extension HandoverRoute {
    /// Back to the release that was live before: what the cutover's record counted on both sides, and what the return replicator added since.
    static func rollback(_ view: StackView, from: ReleaseRecord, to: ReleaseRecord) async throws -> HandoverRoute {
        try await rollback(
            ledger: view.ledger, handovers: view.handovers, from: from.release, to: to.release,
            replicator: from.names.function("return-replicator"))
    }

    /// `replicator`: the function that carries what `from` committed since into `to`.
    package static func rollback(
        ledger: Ledger, handovers: HandoverStore, from: String, to: String, replicator: String
    ) async throws -> HandoverRoute {
        let cutover = try await handovers.all().last {
            $0.kind == .cutover && $0.from == to && $0.to == from && $0.state == .completed
        }
        guard let cutover else {
            throw NothingToHandOver(stack: handovers.stack, problem: "no completed cutover from \(to) to \(from) is on record")
        }
        guard cutover.keepsWayBack else {
            throw NothingToHandOver(
                stack: handovers.stack,
                problem: "the transform of \(from) has no way back: what it wrote can't be turned into events of \(to)")
        }
        return HandoverRoute(
            kind: .rollback, from: from, to: to, replicator: replicator, sourceBase: cutover.toTotals, targetBase: cutover.fromTotals,
            keepsWayBack: false,
            progress: ProgressReader(
                dynamo: ledger.dynamo, table: ledger.names.release(to).cursors, source: from, shards: ledger.shards))
    }
}
