import AWS
import EventSourcing
import EventStore
import TestSupport
import Testing

@testable import Orchestrator

/// What becomes of a removal that ends halfway, or that outlives its lease. Two shards, r1 live, r2 its proven candidate.
@Suite(.localCloud) struct RemovalTests {
    struct Killed: Error {}

    /// Dies when it removes resources.
    private static func deadly(_ stack: TwoReleases) -> GivingUp {
        GivingUp(handovers: stack.store.handovers, removal: stack.removal { _ in throw Killed() })
    }

    @Test func `a candidate whose removal has begun is none any more, and the same command removes the rest`() async throws {
        let stack = try await TwoReleases.make()
        await #expect(throws: Killed.self) { try await Self.deadly(stack).run(try await stack.release("r2")) }
        #expect(try await stack.release("r2").state == .aborting)
        #expect(try await stack.store.ledger.heads().allSatisfy { $0.outbox == nil && $0.owner == "r1" })
        try await stack.givingUp().run(try await stack.release("r2"))
        #expect(try await stack.release("r2").state == .aborted)
        #expect(try await stack.waiting().isEmpty)
        try await stack.store.commit("r1", "a", after: 2)
    }

    @Test func `a candidate that owns the writes isn't given up, and stays what it is`() async throws {
        let stack = try await TwoReleases.make()
        for shard in stack.store.shards.all {
            try await stack.store.dynamo.write(
                .update(
                    stack.store.names.ledger, ["shard": .s(ShardMap.key(shard)), "item": "head"], "SET #owner = :to",
                    values: [":to": "r2"]))
        }
        await #expect(throws: StillOwner.self) { try await stack.givingUp().run(try await stack.release("r2")) }
        #expect(try await stack.release("r2").state == .candidate)
    }

    @Test func `a release that owns the writes isn't retired, and stays what it is`() async throws {
        let stack = try await TwoReleases.make()
        let old = try await stack.change("r1", to: .previous)
        let live = try await stack.change("r2", to: .live)
        let retirement = Retirement(
            removal: stack.removal { _ in Issue.record("resources of a release that owns the writes were removed") },
            router: FixedAddress(release: "r2"), settle: { _ in })
        await #expect(throws: StillOwner.self) { try await retirement.run(old, live: live, of: [old, live]) }
        #expect(try await stack.release("r1").state == .previous)
    }

    @Test func `what a replicator notes until its release's tables are gone goes with the release`() async throws {
        let stack = try await TwoReleases.make()
        let store = stack.store
        let journal = TouchedJournal(dynamo: store.dynamo, names: store.names, release: "r2")
        let removal = stack.removal { _ in
            let last: Item = ["shard": "touched/r2/0", "item": .s(ULID.next()), "sources": .m([:]), "targets": .m([:])]
            try await store.dynamo.write(.put(store.names.ledger, last))
            #expect(try await journal.entries()?.count == 1)
        }
        try await GivingUp(handovers: store.handovers, removal: removal).run(try await stack.release("r2"))
        #expect(try await stack.release("r2").state == .aborted)
        #expect(try await journal.entries()?.isEmpty == true)
    }

    @Test(arguments: 0...2)
    func `giving a candidate up ends a handover that seals, however many shards are sealed`(sealed: Int) async throws {
        let stack = try await TwoReleases.make()
        let handover = try await stack.handover(sealing: sealed)
        try await stack.givingUp().run(try await stack.release("r2"))
        let ended = try await stack.store.handovers.record(handover.id)
        #expect(ended?.state == .aborted && ended?.reason == "`immutable abort` was run")
        #expect(try await stack.store.ledger.heads().allSatisfy { $0.handover == nil && $0.owner == "r1" && $0.outbox == nil })
        #expect(try await stack.release("r2").state == .aborted)
        try await stack.store.commit("r1", "a", after: 2)
    }

    @Test(arguments: 0...1)
    func `a candidate that a decided handover gives the writes to isn't given up, and nothing changes`(promoted: Int) async throws {
        let stack = try await TwoReleases.make()
        let store = stack.store
        let handover = try await stack.handover(sealing: 2)
        let totals = try await store.ledger.heads().map(\.totals)
        let decided = try await store.handovers.decide(handover, fromTotals: totals, toTotals: totals)
        for shard in store.shards.all.prefix(promoted) { try await store.ledger.promote(shard, by: decided) }
        let heads = try await store.ledger.heads()
        let error = await #expect(throws: HandoverUnfinished.self) { try await stack.givingUp().run(try await stack.release("r2")) }
        #expect(error?.record.state == .promoting)
        #expect(try await store.ledger.heads() == heads)
        #expect(try await store.handovers.record(handover.id)?.state == .promoting)
        #expect(try await stack.release("r2").state == .candidate)
    }

    @Test func `a candidate that a completed handover gave the writes to isn't given up, although its record says candidate still`()
        async throws
    {
        let stack = try await TwoReleases.make()
        let store = stack.store
        let handover = try await stack.handover(sealing: 2)
        let totals = try await store.ledger.heads().map(\.totals)
        let decided = try await store.handovers.decide(handover, fromTotals: totals, toTotals: totals)
        for shard in store.shards.all { try await store.ledger.promote(shard, by: decided) }
        #expect(try await store.handovers.complete(decided).state == .completed)
        let heads = try await store.ledger.heads()
        let error = await #expect(throws: HandoverUnfinished.self) { try await stack.givingUp().run(try await stack.release("r2")) }
        #expect(error?.description.contains("`immutable cutover` of this stack ends it") == true)
        #expect(try await store.ledger.heads() == heads && heads.allSatisfy { $0.owner == "r2" })
        #expect(try await stack.release("r2").state == .candidate)
    }

    @Test func `an abort that is held up while the next candidate is cut deletes nothing of that one's outbox`() async throws {
        let stack = try await TwoReleases.make()
        let late = stack.heldUp(before: { $0.deletesOutbox }, meanwhile: { try await stack.followedByThird($0) })
        await #expect(throws: LockLost.self) { try await stack.givingUp(late).run(try await stack.release("r2")) }
        #expect(try await stack.waiting() == [3])
        #expect(try await stack.store.ledger.heads().allSatisfy { $0.outbox == "r3" })
        #expect(try await stack.release("r2").state == .aborted)
    }

    @Test func `an abort of a first release that is held up while another one becomes the first leaves that one its heads`() async throws {
        let stack = try await TwoReleases.make()
        let store = stack.store
        let first = try await stack.change("r1", to: .candidate)
        let late = stack.heldUp(
            before: { $0.deletesHead },
            meanwhile: { lock in
                try await GivingUp(handovers: store.handovers, removal: stack.removal(lock: lock)).runFirst(first, hasLedger: true)
                for shard in store.shards.all {
                    try await store.ledger.create(Head(shard: shard, owner: "r2", epoch: 1, totals: .zero), fence: lock.fence)
                }
                try await store.commit("r2", "b", after: 0)
            })
        await #expect(throws: LockLost.self) { try await stack.givingUp(late).runFirst(first, hasLedger: true) }
        #expect(try await store.ledger.heads().allSatisfy { $0.owner == "r2" })
        try await store.commit("r2", "b", after: 1)
    }

    @Test func `a first release that is given up takes its own heads with it, and no others`() async throws {
        let stack = try await TwoReleases.make()
        let store = stack.store
        try await store.dynamo.write(
            .update(
                store.names.ledger, ["shard": .s(ShardMap.key(1)), "item": "head"], "SET #owner = :other", values: [":other": "r2"]))
        try await stack.givingUp().runFirst(try await stack.change("r1", to: .candidate), hasLedger: true)
        await #expect(throws: NoHead.self) { try await store.ledger.head(0) }
        #expect(try await store.ledger.head(1).owner == "r2")
        #expect(try await stack.release("r1").state == .aborted)
    }

    @Test func `an outbox of more entries than a transaction deletes is cleared whole, of one release's only where that is asked for`()
        async throws
    {
        let stack = try await TwoReleases.make()
        let store = stack.store
        let entries: [Item] = (0..<230).map { number in
            [
                "shard": .s(ShardMap.key(0)), "item": .s("outbox#\(ULID.next())"), "from": number < 130 ? "r1" : "r2",
                "aggregateId": "x", "first": .int(number + 1), "count": 1,
            ]
        }
        try await store.dynamo.batchPut(store.names.ledger, entries)
        await #expect(throws: LockLost.self) { try await store.ledger.clearOutbox(0, fence: store.lostFence) }
        try await store.ledger.clearOutbox(0, from: "r1", fence: stack.lock.fence)
        #expect(try await store.ledger.outbox(0).map(\.from) == Array(repeating: "r2", count: 100))
        try await store.ledger.clearOutbox(0, fence: stack.lock.fence)
        #expect(try await store.ledger.outbox(0).isEmpty)
    }
}
