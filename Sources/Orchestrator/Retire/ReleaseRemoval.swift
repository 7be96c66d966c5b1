import AWS
import EventSourcing
import EventStore

/// Takes a release that owns nothing out of play: replication to it ends, its resources go, and its record says so. Every step can be done again.
package struct ReleaseRemoval: Sendable {
    let ledger: Ledger
    let releases: ReleaseStore
    let lock: StackLock
    /// Removes every resource of the release, and of the live one what served the two of them.
    let resources: @Sendable (ReleaseRecord) async throws -> Void
    let sink: ProgressSink

    package init(
        ledger: Ledger, releases: ReleaseStore, lock: StackLock, resources: @escaping @Sendable (ReleaseRecord) async throws -> Void,
        sink: @escaping ProgressSink
    ) {
        self.ledger = ledger
        self.releases = releases
        self.lock = lock
        self.resources = resources
        self.sink = sink
    }

    /// - Parameter state: of the release from then on.
    func run(_ record: ReleaseRecord, as state: ReleaseRecord.State) async throws {
        sink(.step("disconnect", why: "no commit is noted for \(record.release) any more"))
        try await endReplication(record.release)
        try await remove(record)
        // Only now: until the release's tables were gone, a replicator that still ran noted in its transactions what it carried.
        try await TouchedJournal(dynamo: ledger.dynamo, names: ledger.names, release: record.release).clear()
        try await end(record, as: state)
    }

    /// Of a stack's first release: nothing was replicated to it, and there may be no ledger yet.
    func removeResources(_ record: ReleaseRecord, as state: ReleaseRecord.State) async throws {
        try await remove(record)
        try await end(record, as: state)
    }

    private func remove(_ record: ReleaseRecord) async throws {
        sink(.step("remove", why: "every resource of \(record.release) goes; it owns nothing"))
        try await resources(record)
    }

    private func end(_ record: ReleaseRecord, as state: ReleaseRecord.State) async throws {
        var record = record
        record.state = state
        try await releases.advance(record, fence: lock.fence)
    }

    /// Throws ``StillOwner`` where the release owns a shard. Returns the heads.
    @discardableResult
    func check(_ release: String) async throws -> [Head] {
        let heads = try await ledger.heads()
        if let owned = heads.first(where: { $0.owner == release }) { throw StillOwner(release: release, shard: owned.shard) }
        return heads
    }

    /// The heads' outbox attribute goes, with a new epoch, then what is left of the outbox: as long as the lock is held, no head names
    /// another follower, so that nobody waits for any of it.
    private func endReplication(_ release: String) async throws {
        let ledger = ledger
        let fence = lock.fence
        let heads = try await check(release)
        // All of them check the same lock item: few at a time, or they get in each other's way.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, head) in heads.filter({ $0.outbox == release }).enumerated() {
                if index >= 8 { try await group.next() }
                group.addTask { try await ledger.removeOutbox(head, fence: fence) }
            }
            try await group.waitForAll()
        }
        for shard in ledger.shards.all { try await ledger.clearOutbox(shard, fence: fence) }
    }
}

extension ReleaseRemoval {
    init(view: StackView, lock: StackLock, sink: @escaping ProgressSink) {
        self.init(
            ledger: view.ledger, releases: view.store, lock: lock, resources: { try await view.removeResources($0, sink) }, sink: sink)
    }
}

extension StackView {
    fileprivate func removeResources(_ record: ReleaseRecord, _ sink: @escaping ProgressSink) async throws {
        let provisioner = Provisioner(cloud: cloud, sink: sink)
        if let live, live.counterpart == record.release {
            try await provisioner.delete(Blueprint(live).replication(in: cloud))
        }
        // First: the cursors table, which goes with the rest, tells of them.
        try await provisioner.delete(record.rebuiltTables(in: cloud))
        try await provisioner.delete(Blueprint(record).resources(in: cloud, artifact: nil))
        try await Parking(dynamo: cloud.dynamo, stack: record.stack, release: record.release).clear()
    }
}

/// A release that still owns writes.
public struct StillOwner: Error, Sendable, CustomStringConvertible {
    public var release: String
    public var shard: Int

    public var description: String {
        "\(release) owns shard \(ShardMap.key(shard)): it can't be removed. Cut over or roll back first; nothing was changed."
    }
}
