import AWS
import EventSourcing
import EventStore
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite(.localCloud) struct HandoverStoreTests {
    private func sealed(_ store: StoreFixture, deadline: Date = Date(timeIntervalSinceNow: 600)) async throws -> HandoverRecord {
        let record = try await store.handover(deadline: deadline)
        for shard in store.shards.all { try await store.ledger.seal(shard, for: record, handovers: store.handovers) }
        return record
    }

    private func decided(_ store: StoreFixture, _ record: HandoverRecord) async throws -> HandoverRecord {
        let totals = try await store.ledger.heads().map(\.totals)
        return try await store.handovers.decide(record, fromTotals: totals, toTotals: totals)
    }

    @Test func `a decided handover gives every shard to the new owner, with a new epoch and the way back noted`() async throws {
        let store = try await StoreFixture.make()
        let record = try await decided(store, try await sealed(store))
        for shard in store.shards.all { try await store.ledger.promote(shard, by: record) }
        for head in try await store.ledger.heads() {
            #expect(head.owner == "r2" && head.epoch == 2 && head.outbox == "r1" && head.handover == nil)
        }
        #expect(try await store.appender("r1").append(store.events("a", after: 0)) == .moved(to: "r2"))
    }

    @Test func `a command that lost its lock makes no head, and a head that exists stays as it is`() async throws {
        let store = try await StoreFixture.make()
        let first = try await store.ledger.heads()
        let other = Head(shard: 0, owner: "r2", epoch: 1, totals: .zero)
        try await store.ledger.create(other, fence: store.fence)
        #expect(try await store.ledger.heads() == first)
        try await store.dynamo.write(.delete(store.names.ledger, ["shard": .s(ShardMap.key(0)), "item": "head"]))
        await #expect(throws: LockLost.self) { try await store.ledger.create(other, fence: store.lostFence) }
        await #expect(throws: NoHead.self) { try await store.ledger.heads() }
        try await store.ledger.create(other, fence: store.fence)
        #expect(try await store.ledger.head(0).owner == "r2")
    }

    @Test func `promoting twice, or by a record that was not decided, changes nothing`() async throws {
        let store = try await StoreFixture.make()
        let record = try await sealed(store)
        for shard in store.shards.all { try await store.ledger.promote(shard, by: record) }
        #expect(try await store.ledger.heads().allSatisfy { $0.owner == "r1" && $0.handover != nil })
        let decided = try await decided(store, record)
        for _ in 0..<2 { for shard in store.shards.all { try await store.ledger.promote(shard, by: decided) } }
        #expect(try await store.ledger.heads().allSatisfy { $0.owner == "r2" && $0.epoch == 2 })
    }

    @Test func `a request that meets a decided handover finishes it`() async throws {
        let store = try await StoreFixture.make(shards: 1)
        _ = try await decided(store, try await sealed(store))
        #expect(try await store.participant.step(try await store.ledger.head(0)))
        #expect(try await store.ledger.head(0).owner == "r2")
    }

    @Test func `before the deadline a request only waits`() async throws {
        let store = try await StoreFixture.make(shards: 1)
        let record = try await sealed(store)
        #expect(try await !store.participant.step(try await store.ledger.head(0)))
        #expect(try await store.handovers.record(record.id)?.state == .sealing)
    }

    @Test func `past the deadline a request aborts the handover, and the writes go on with the old owner`() async throws {
        let store = try await StoreFixture.make(shards: 1)
        let record = try await sealed(store, deadline: Date(timeIntervalSinceNow: -1))
        #expect(try await store.participant.step(try await store.ledger.head(0)))
        #expect(try await store.handovers.record(record.id)?.state == .aborted)
        #expect(try await store.ledger.head(0).handover == nil)
        #expect(try await store.appender("r1").append(store.events("a", after: 0)) == .appended)
    }

    @Test func `a head that transactions keep busy is sealed, promoted and unsealed all the same`() async throws {
        let store = try await StoreFixture.make(shards: 1)
        let tries = Mutex(0)
        let busy = HookedStore(
            store.dynamo,
            before: { writes in
                guard writes.count == 1,
                    tries.withLock({
                        $0 += 1; return $0 % 4 != 0
                    })
                else { return }
                throw AWSError(
                    service: "DynamoDB", operation: "UpdateItem", code: "TransactionConflictException", message: "", statusCode: 400)
            })
        let ledger = Ledger(dynamo: busy, names: store.names, shards: store.shards)
        let record = try await store.handover()
        let sealed = try await ledger.seal(0, for: record, handovers: store.handovers)
        #expect(sealed.handover?.id == record.id)
        try await ledger.unseal(sealed)
        #expect(try await store.ledger.head(0).handover == nil)
        try await ledger.seal(0, for: record, handovers: store.handovers)
        try await ledger.promote(0, by: try await decided(store, record))
        #expect(try await store.ledger.head(0).owner == "r2")
    }

    @Test func `an orchestrator that decides after the abort learns that it was aborted`() async throws {
        let store = try await StoreFixture.make()
        let record = try await sealed(store)
        #expect(try await store.handovers.abort(record, because: "a test").state == .aborted)
        #expect(try await decided(store, record).state == .aborted)
        #expect(try await store.handovers.abort(record, because: "again").reason == "a test")
    }

    @Test func `whoever slept through a handover can change nothing`() async throws {
        let store = try await StoreFixture.make(shards: 1)
        let first = try await sealed(store)
        let slept = try await store.ledger.head(0)
        var stale = first
        stale.state = .promoting
        stale.toTotals = [.zero]
        _ = try await store.handovers.abort(first, because: "a test")
        try await store.ledger.unseal(slept)
        let second = try await sealed(store)
        try await store.ledger.promote(0, by: stale)
        try await store.ledger.unseal(slept)
        let head = try await store.ledger.head(0)
        #expect(head.owner == "r1" && head.handover?.id == second.id)
    }

    @Test func `no handover starts while another is unfinished`() async throws {
        let store = try await StoreFixture.make()
        let first = try await store.handover()
        await #expect(throws: HandoverUnfinished.self) { try await store.handover() }
        _ = try await store.handovers.abort(first, because: "a test")
        let second = try await store.handover()
        #expect(try await store.handovers.current()?.id == second.id)
    }

    @Test func `a seal waits for no foreign one, unless that one's handover goes on`() async throws {
        let store = try await StoreFixture.make(shards: 1)
        let first = try await sealed(store)
        _ = try await store.handovers.abort(first, because: "a test")
        let second = try await sealed(store)
        #expect(try await store.ledger.head(0).handover?.id == second.id)
    }

    @Test func `a head of another epoch aborts the seal and is named`() async throws {
        let store = try await StoreFixture.make(shards: 1)
        let record = try await store.handover()
        try await store.cut()
        await #expect(throws: OwnerChanged.self) { try await store.ledger.seal(0, for: record, handovers: store.handovers) }
    }

    @Test func `without the lock no epoch is cut and no handover begins`() async throws {
        let store = try await StoreFixture.make(shards: 1)
        let head = try await store.ledger.head(0)
        await #expect(throws: LockLost.self) {
            try await store.ledger.cut(head, id: "cut-r2", candidate: "r2", fence: store.lostFence)
        }
        let record = HandoverRecord(
            id: ULID.next(), kind: .cutover, from: "r1", to: "r2", deadline: Date(), epochs: [1], startedAt: Date())
        await #expect(throws: LockLost.self) { try await store.handovers.create(record, fence: store.lostFence) }
        #expect(try await store.ledger.head(0) == head)
    }

    @Test func `a cut made twice is made once`() async throws {
        let store = try await StoreFixture.make()
        try await store.commit("r1", "a", after: 0, count: 2)
        try await store.cut()
        let once = try await store.ledger.heads()
        try await store.cut()
        #expect(try await store.ledger.heads() == once)
    }
}
