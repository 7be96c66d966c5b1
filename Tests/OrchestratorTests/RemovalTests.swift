import AWS
import EventSourcing
import EventStore
import StackDescription
import Synchronization
import TestSupport
import Testing

@testable import Orchestrator

/// What becomes of a removal that ends halfway. Two shards, r1 live, r2 its proven candidate.
@Suite(.localCloud) struct RemovalTests {
    struct Killed: Error {}

    private static let manifest = Stack(
        "s", functions: .swiftProduct("Functions"), api: .http(domain: "s.example", stage: "live"),
        commands: [.command("Add", on: .post("/add"))])

    private struct Fixture {
        var store: StoreFixture
        var releases: ReleaseStore
        var lock: StackLock

        func release(_ name: String) async throws -> ReleaseRecord {
            try #require(try await releases.all().first { $0.release == name })
        }

        /// Returns the release in its new state.
        func change(_ name: String, to state: ReleaseRecord.State) async throws -> ReleaseRecord {
            var record = try await release(name)
            record.state = state
            try await releases.advance(record, fence: lock.fence)
            return record
        }

        func removal(resources: @escaping @Sendable (ReleaseRecord) async throws -> Void = { _ in }) -> ReleaseRemoval {
            ReleaseRemoval(ledger: store.ledger, releases: releases, lock: lock, resources: resources, sink: { _ in })
        }

        /// - Parameter isDeadly: whether the process dies when it removes resources.
        func givingUp(_ isDeadly: Bool) -> GivingUp {
            GivingUp(handovers: store.handovers, removal: removal { _ in if isDeadly { throw Killed() } })
        }
    }

    /// The users' address, which leads to one release.
    private struct Address: TrafficRouter {
        let release: String

        func current(of releases: [ReleaseRecord]) async throws -> String? { release }
        func route(to release: ReleaseRecord) async throws {}
        func routeAliases(to release: ReleaseRecord) async throws {}
        func confirm(_ release: String) async throws {}
        func remove() async throws {}
    }

    private static func prepared() async throws -> Fixture {
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
        return Fixture(store: store, releases: releases, lock: lock)
    }

    @Test func `a candidate whose removal has begun is none any more, and the same command removes the rest`() async throws {
        let fixture = try await Self.prepared()
        await #expect(throws: Killed.self) { try await fixture.givingUp(true).run(try await fixture.release("r2")) }
        #expect(try await fixture.release("r2").state == .aborting)
        #expect(try await fixture.store.ledger.heads().allSatisfy { $0.outbox == nil && $0.owner == "r1" })
        try await fixture.givingUp(false).run(try await fixture.release("r2"))
        #expect(try await fixture.release("r2").state == .aborted)
        try await fixture.store.commit("r1", "a", after: 2)
    }

    @Test func `a candidate that owns the writes isn't given up, and stays what it is`() async throws {
        let fixture = try await Self.prepared()
        for shard in fixture.store.shards.all {
            try await fixture.store.dynamo.write(
                .update(
                    fixture.store.names.ledger, ["shard": .s(ShardMap.key(shard)), "item": "head"], "SET #owner = :to",
                    values: [":to": "r2"]))
        }
        await #expect(throws: StillOwner.self) { try await fixture.givingUp(false).run(try await fixture.release("r2")) }
        #expect(try await fixture.release("r2").state == .candidate)
    }

    @Test func `a release that owns the writes isn't retired, and stays what it is`() async throws {
        let fixture = try await Self.prepared()
        let old = try await fixture.change("r1", to: .previous)
        let live = try await fixture.change("r2", to: .live)
        let retirement = Retirement(
            removal: fixture.removal { _ in Issue.record("resources of a release that owns the writes were removed") },
            router: Address(release: "r2"), settle: { _ in })
        await #expect(throws: StillOwner.self) { try await retirement.run(old, live: live, of: [old, live]) }
        #expect(try await fixture.release("r1").state == .previous)
    }

    @Test func `what a replicator notes until its release's tables are gone goes with the release`() async throws {
        let fixture = try await Self.prepared()
        let store = fixture.store
        let journal = TouchedJournal(dynamo: store.dynamo, names: store.names, release: "r2")
        let removal = fixture.removal { _ in
            let last: Item = ["shard": "touched/r2/0", "item": .s(ULID.next()), "sources": .m([:]), "targets": .m([:])]
            try await store.dynamo.write(.put(store.names.ledger, last))
            #expect(try await journal.entries()?.count == 1)
        }
        try await GivingUp(handovers: store.handovers, removal: removal).run(try await fixture.release("r2"))
        #expect(try await fixture.release("r2").state == .aborted)
        #expect(try await journal.entries()?.isEmpty == true)
    }
}
