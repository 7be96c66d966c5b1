import AWS
import EventSourcing
import EventStore
import Foundation

/// Takes a release that owns nothing out of play: replication to it ends, and its resources go.
struct ReleaseRemoval: Sendable {
    let view: StackView
    let lock: StackLock
    let sink: ProgressSink

    /// Ends replication to or from `release`: the heads' outbox attribute goes, with a new epoch, then what is left of the outbox.
    func endReplication(_ release: String) async throws {
        let ledger = view.ledger
        let fence = lock.fence
        let heads = try await ledger.heads()
        if let owned = heads.first(where: { $0.owner == release }) { throw StillOwner(release: release, shard: owned.shard) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for head in heads where head.outbox == release {
                group.addTask { try await ledger.removeOutbox(head, fence: fence) }
            }
            try await group.waitForAll()
        }
        for shard in view.shards.all {
            while case let left = try await ledger.outbox(shard), !left.isEmpty { try await ledger.delete(left) }
        }
    }

    /// Removes every resource of the release, and of the live one what served the two of them.
    func removeResources(_ record: ReleaseRecord) async throws {
        let provisioner = Provisioner(cloud: view.cloud, sink: sink)
        if let live = view.live, live.counterpart == record.release {
            try await provisioner.delete(Blueprint(live).replication(in: view.cloud))
        }
        try await provisioner.delete(Blueprint(record).resources(in: view.cloud, artifact: nil))
        try await Parking(dynamo: view.cloud.dynamo, stack: record.stack, release: record.release).clear()
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
