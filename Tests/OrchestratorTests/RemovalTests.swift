import AWS
import EventSourcing
import EventStore
import StackDescription
import Synchronization
import TestSupport
import Testing

@testable import Orchestrator

/// What becomes of a removal that ends halfway. Two shards, r1 live, r2 its proven candidate.
@Suite struct RemovalTests {
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

        /// - Parameter isDeadly: whether the process dies when it removes resources.
        func givingUp(_ isDeadly: Bool) -> GivingUp {
            GivingUp(
                handovers: store.handovers,
                removal: ReleaseRemoval(
                    ledger: store.ledger, releases: releases, lock: lock, resources: { _ in if isDeadly { throw Killed() } }, sink: { _ in }
                ))
        }
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
}
