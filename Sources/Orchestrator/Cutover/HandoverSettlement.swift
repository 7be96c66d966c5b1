import EventSourcing
import EventStore

/// What follows a completed handover: the flip, the old direction's rest, the receipt, and the releases' states. Each step can be done again.
package struct HandoverSettlement: Sendable {
    let ledger: Ledger
    let releases: ReleaseStore
    let lock: StackLock
    let router: any TrafficRouter
    /// Stops the replicator that carried the old owner's commits.
    let stopReplicator: @Sendable () async throws -> Void

    package init(
        ledger: Ledger, releases: ReleaseStore, lock: StackLock, router: any TrafficRouter,
        stopReplicator: @escaping @Sendable () async throws -> Void
    ) {
        self.ledger = ledger
        self.releases = releases
        self.lock = lock
        self.router = router
        self.stopReplicator = stopReplicator
    }

    package func run(_ record: HandoverRecord, from: ReleaseRecord, to: ReleaseRecord, receipt: Receipt) async throws {
        var from = from
        var to = to
        try await lock.check()
        try await router.route(to: to)
        try await router.confirm(to.release)
        // Nothing more comes from the old owner: its replicator rests, and what its outbox still lists is done.
        try await stopReplicator()
        for shard in ledger.shards.all { try await ledger.clearOutbox(shard, from: record.from, fence: lock.fence) }
        try await receipt.save(releases.dynamo, fence: lock.fence)
        // Last: as long as the states tell of the time before, the command goes on here when it is run again.
        from.state = record.kind == .cutover ? .previous : .rolledBack
        to.state = .live
        to.phase = .live
        try await releases.advance(from, fence: lock.fence)
        try await releases.advance(to, fence: lock.fence)
        // After all that a rollback needs: a search domain that is down must not stand in its way.
        try await router.routeAliases(to: to)
    }
}
