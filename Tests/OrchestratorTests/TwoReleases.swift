import AWS
import EventSourcing
import EventStore
import Foundation
import StackDescription
import Synchronization
import TestSupport
import Testing

@testable import Orchestrator

/// A stack of two shards whose lock is held: r1 is live, with a commit that isn't replicated yet, and r2 its proven candidate.
struct TwoReleases: Sendable {
    let store: StoreFixture
    let releases: ReleaseStore
    let lock: StackLock

    private static let manifest = Stack(
        "s", functions: .swiftProduct("Functions"), api: .http(domain: "s.example", stage: "live"),
        commands: [.command("Add", on: .post("/add"))])

    static func make() async throws -> TwoReleases {
        let store = try await StoreFixture.make()
        try await store.commit("r1", "a", after: 0)
        try await store.cut()
        _ = try await store.replay()
        try await store.commit("r1", "a", after: 1)
        let lock = try await StackLock.acquire(store.dynamo, store.names.stack, doing: "abort")
        let releases = ReleaseStore(dynamo: store.dynamo, stack: store.names.stack)
        for (name, state) in [("r1", ReleaseRecord.State.live), ("r2", .candidate)] {
            try await releases.put(
                ReleaseRecord(
                    stack: store.names.stack, release: name, state: state, phase: .ready, manifest: manifest, fingerprint: "", artifact: "",
                    createdAt: ""), routes: [:], fence: lock.fence)
        }
        return TwoReleases(store: store, releases: releases, lock: lock)
    }

    func release(_ name: String) async throws -> ReleaseRecord {
        try #require(try await releases.get(name))
    }

    /// Returns the release in its new state.
    func change(_ name: String, to state: ReleaseRecord.State) async throws -> ReleaseRecord {
        var record = try await release(name)
        record.state = state
        try await releases.advance(record, fence: lock.fence)
        return record
    }

    /// A handover from r1 to r2 that sealed the first `count` shards.
    func handover(sealing count: Int) async throws -> HandoverRecord {
        let record = HandoverRecord(
            id: ULID.next(), kind: .cutover, from: "r1", to: "r2", deadline: Date(timeIntervalSinceNow: 600),
            epochs: try await store.ledger.heads().map(\.epoch), startedAt: Date())
        try await store.handovers.create(record, fence: lock.fence)
        for shard in store.shards.all.prefix(count) { try await store.ledger.seal(shard, for: record, handovers: store.handovers) }
        return record
    }

    func ledger(_ dynamo: any ItemStore) -> Ledger { Ledger(dynamo: dynamo, names: store.names, shards: store.shards) }

    /// - Parameter dynamo: as the removal sees the store.
    func removal(
        _ dynamo: (any ItemStore)? = nil, lock: StackLock? = nil,
        resources: @escaping @Sendable (ReleaseRecord) async throws -> Void = { _ in }
    ) -> ReleaseRemoval {
        ReleaseRemoval(
            ledger: ledger(dynamo ?? store.dynamo), releases: releases, lock: lock ?? self.lock, resources: resources, sink: { _ in })
    }

    /// - Parameter dynamo: as the removal sees the store.
    func givingUp(_ dynamo: (any ItemStore)? = nil) -> GivingUp {
        GivingUp(handovers: store.handovers, removal: removal(dynamo))
    }

    /// The lock, taken over by a command by whose clock its lease is over.
    func takenOver() async throws -> StackLock {
        let late = HookedStore(store.dynamo, clock: ShiftedClock(StackLock.lease + 2).clock)
        return try await StackLock.acquire(late, store.names.stack, doing: "deploy")
    }

    /// The store of a process whose first write that `isMeant` is held up until another command has taken its lock over, and has done `meanwhile`.
    func heldUp(
        before isMeant: @escaping @Sendable (Write) -> Bool, meanwhile: @escaping @Sendable (StackLock) async throws -> Void = { _ in }
    ) -> HookedStore {
        let isOver = Mutex(false)
        return HookedStore(
            store.dynamo,
            before: { writes in
                guard writes.contains(where: isMeant) else { return }
                let isFirst = isOver.withLock { over in
                    defer { over = true }
                    return !over
                }
                if isFirst { try await meanwhile(try await takenOver()) }
            })
    }

    /// By other commands: r2 is given up, and a third release is deployed as far as to its cut and a commit after it.
    func followedByThird(_ lock: StackLock) async throws {
        try await removal(lock: lock).run(try await release("r2"), as: .aborted)
        for head in try await store.ledger.heads() {
            try await store.ledger.cut(head, id: "cut-r3", candidate: "r3", fence: lock.fence)
        }
        try await store.commit("r1", "a", after: 2)
    }

    /// The first versions of the commits of stream a that wait in the outbox.
    func waiting() async throws -> [Int] { try await store.ledger.outbox(store.shards.shard(of: "a")).map(\.first) }
}

extension Write {
    /// The key of what it deletes; `nil` where it deletes nothing.
    private var deleted: Item? {
        guard case .delete(let key) = action else { return nil }
        return key
    }

    var deletesOutbox: Bool { deleted?["item"]?.string?.hasPrefix("outbox#") == true }
    var deletesHead: Bool { deleted?["item"]?.string == "head" }
}

/// The users' address, which leads to one release.
struct FixedAddress: TrafficRouter {
    let release: String
    var routing: @Sendable () async throws -> Void = {}
    var confirming: @Sendable () async throws -> Void = {}

    func current(of releases: [ReleaseRecord]) async throws -> String? { release }
    func route(to release: ReleaseRecord) async throws { try await routing() }
    func routeAliases(to release: ReleaseRecord) async throws {}
    func confirm(_ release: String) async throws { try await confirming() }
    func remove() async throws {}
}
