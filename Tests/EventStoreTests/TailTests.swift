import AWS
import EventSourcing
import EventStore
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite(.localCloud) struct TailTests {
    /// Cut and replayed totals plus the tail's must be the owner's, on every shard.
    private func expectProven(_ store: StoreFixture, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let heads = try await store.ledger.heads()
        let progress = try await store.progress(from: "r1", into: "r2")
        for head in heads {
            let replicated = (head.cut?.totals ?? .zero) + progress[head.shard].source
            #expect(head.totals == replicated, sourceLocation: sourceLocation)
        }
    }

    @Test func `what the outbox holds is copied in order, and the outbox is empty afterwards`() async throws {
        let store = try await StoreFixture.make()
        try await store.commit("r1", "a", after: 0, count: 2)
        try await store.cut()
        _ = try await store.replay()
        try await store.commit("r1", "a", after: 2, count: 3)
        try await store.commit("r1", "new", after: 0, count: 2)
        let result = try await OutboxSweep(replicator: store.replicator(from: "r1", to: "r2")).run(store.shards.all)
        #expect(result.events == 5 && result.failures.isEmpty)
        #expect(try await store.reader("r2").load("a").map(\.version) == [1, 2, 3, 4, 5])
        for shard in store.shards.all { #expect(try await store.ledger.outbox(shard).isEmpty) }
        try await expectProven(store)
    }

    @Test func `ten replicators at once copy each event once`() async throws {
        let store = try await StoreFixture.make(shards: 1)
        try await store.cut()
        _ = try await store.replay()
        for version in 0..<20 { try await store.commit("r1", "hot", after: version) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    _ = try await OutboxSweep(replicator: store.replicator(from: "r1", to: "r2")).run(store.shards.all)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.reader("r2").load("hot").map(\.version) == Array(1...20))
        try await expectProven(store)
    }

    @Test func `the journal tells what the tail carried, until it is compared`() async throws {
        let store = try await StoreFixture.make()
        try await store.commit("r1", "a", after: 0, count: 2)
        try await store.cut()
        _ = try await store.replay()
        let replicator = StreamReplicator(ledger: store.ledger, source: "r1", target: "r2", mapping: .identity, keepsJournal: true)
        let journal = TouchedJournal(dynamo: store.dynamo, names: store.names, release: "r2")
        #expect(try await journal.entries() == [])
        try await store.commit("r1", "a", after: 2, count: 3)
        try await store.commit("r1", "new", after: 0)
        _ = try await OutboxSweep(replicator: replicator).run(store.shards.all)
        try await store.commit("r1", "a", after: 5)
        _ = try await OutboxSweep(replicator: replicator).run(store.shards.all)
        let entries = try #require(try await journal.entries())
        let spans = ["a": TouchedSpan(after: 2, upTo: 6), "new": TouchedSpan(after: 0, upTo: 1)]
        #expect(entries.sources == spans && entries.targets == spans)
        #expect(try await journal.entries(limit: 1) == nil)
        try await journal.remove(entries.filter { $0.sources["new"] != nil })
        #expect(try await journal.entries()?.sources["new"] == nil)
        // The seals and the outbox are read from the same table.
        #expect(try await store.ledger.heads().count == store.shards.count)
        try await journal.clear()
        #expect(try await journal.entries() == [])
        try await expectProven(store)
    }

    @Test func `of what is known of the journal only keys are read, and an entry of a slow clock is found behind them`() async throws {
        let store = try await StoreFixture.make()
        try await store.commit("r1", "a", after: 0)
        try await store.cut()
        _ = try await store.replay()
        func carry(after version: Int, by clock: ClientClock = .system) async throws {
            try await store.commit("r1", "a", after: version)
            let ledger = Ledger(dynamo: HookedStore(store.dynamo, clock: clock), names: store.names, shards: store.shards)
            let replicator = StreamReplicator(ledger: ledger, source: "r1", target: "r2", mapping: .identity, keepsJournal: true)
            _ = try await OutboxSweep(replicator: replicator).run(store.shards.all)
        }
        let bodies = Mutex(0)
        let reader = HookedStore(
            store.dynamo,
            found: { _, items in
                let more = items.count { $0["sources"] != nil }
                bodies.withLock { $0 += more }
                return items
            })
        let journal = TouchedJournal(dynamo: reader, names: store.names, release: "r2")
        #expect(try await journal.keys().isEmpty)
        for version in 1...3 { try await carry(after: version) }
        var known = try await journal.keys()
        #expect(known.count == 3)
        #expect(try await journal.entries(besides: [known]) == [])
        #expect(bodies.withLock { $0 } == 0)

        try await carry(after: 4, by: ShiftedClock(-3_600).clock)
        try await carry(after: 5)
        let new = try await journal.entries(besides: [.init(), known])
        #expect(new.count == 2 && new.sources == ["a": TouchedSpan(after: 4, upTo: 6)])
        #expect(bodies.withLock { $0 } == 2)
        let all = try #require(try await journal.entries())
        let first = try #require(all.sorted { $0.order < $1.order }.first)
        #expect(all.count == 5 && first.sources == ["a": TouchedSpan(after: 4, upTo: 5)])

        try await journal.remove(known)
        #expect(Set(try await journal.entries() ?? []) == Set(new))
        try known.formUnion(new)
        #expect(known.count == 5)
        #expect(try await journal.entries(besides: [known]) == [])
        try await journal.remove(known)
        #expect(try await journal.entries(besides: []) == [])
    }

    @Test func `a long journal is read and removed some entries at a time`() async throws {
        let store = try await StoreFixture.make()
        // Several pages of 1 MB.
        let streams: Item = Dictionary(
            uniqueKeysWithValues: (0..<50).map { ("a-stream-of-some-length-\($0)", AttributeValue.l([.int(0), .int(1)])) })
        let entries: [Item] = (0..<2_500).map { number in
            [
                "shard": .s("touched/r2/\(number % 8 == 0 ? 1 : 0)"), "item": .s(ULID.next()), "sources": .m(streams),
                "targets": .m([:]),
            ]
        }
        try await store.dynamo.batchPut(store.names.ledger, entries)
        let pages = Mutex(0)
        let most = Mutex(0)
        let hooked = HookedStore(
            store.dynamo, before: { writes in most.withLock { $0 = max($0, writes.count) } },
            found: { _, items in
                pages.withLock { $0 += 1 }
                return items
            })
        let journal = TouchedJournal(dynamo: hooked, names: store.names, release: "r2")
        let known = try await journal.keys()
        #expect(known.count == 2_500)
        #expect(pages.withLock { $0 } > 4)
        try await journal.remove(known)
        #expect(most.withLock { $0 } == 1_000)
        #expect(try await journal.keys().isEmpty)
        #expect(try await store.ledger.heads().count == store.shards.count)
    }

    @Test func `replicating again adds nothing`() async throws {
        let store = try await StoreFixture.make()
        try await store.cut()
        _ = try await store.replay()
        try await store.commit("r1", "a", after: 0, count: 4)
        let replicator = store.replicator(from: "r1", to: "r2")
        #expect(try await replicator.replicate("a", entries: []) == 4)
        #expect(try await replicator.replicate("a", entries: []) == 0)
        try await expectProven(store)
    }

    @Test func `a replicator leaves the other direction's outbox entries alone`() async throws {
        let store = try await StoreFixture.make()
        try await store.cut()
        try await store.commit("r1", "a", after: 0)
        let result = try await OutboxSweep(replicator: store.replicator(from: "r2", to: "r1")).run(store.shards.all)
        #expect(result.events == 0 && result.failures.isEmpty)
        #expect(try await store.ledger.outbox(store.shards.shard(of: "a")).count == 1)
    }

    @Test func `copies never echo back to the release that they came from`() async throws {
        let store = try await StoreFixture.make()
        try await store.commit("r1", "a", after: 0, count: 3)
        try await store.cut()
        _ = try await store.replay()
        #expect(try await store.replicator(from: "r2", to: "r1").replicate("a", entries: []) == 0)
        #expect(try await store.reader("r1").load("a").count == 3)
    }

    private enum Lossy: ReversibleTransform {
        static func forward(_ event: StoredEvent) throws -> Conversion { .drop }
        static func reverse(_ event: StoredEvent) throws -> Conversion { event.version == 1 ? .drop : .keep }
    }

    @Test func `on the way back a stream goes on after what its old owner has, although nothing of it was copied`() async throws {
        let store = try await StoreFixture.make(shards: 1)
        let transform = AnyTransform(Lossy.self)
        let back = try #require(transform.reverse)
        try await store.commit("r1", "a", after: 0, count: 2)
        try await store.cut()
        _ = try await store.replay(transform)
        // The writes are handed over.
        try await store.dynamo.write(
            .update(
                store.names.ledger, ["shard": "0000", "item": "head"], "SET #owner = :to, #outbox = :from, #epoch = #epoch + :one",
                values: [":to": "r2", ":from": "r1", ":one": 1]))
        try await store.commit("r2", "a", after: 0)
        let sweep = OutboxSweep(replicator: store.replicator(from: "r2", to: "r1", back))
        #expect(try await sweep.run(store.shards.all).failures.isEmpty)
        try await store.commit("r2", "a", after: 1)
        #expect(try await sweep.run(store.shards.all).failures.isEmpty)
        #expect(try await store.reader("r1").load("a").map(\.version) == [1, 2, 3])
    }

    @Test func `an event that someone else put into the follower is named, not overwritten`() async throws {
        let store = try await StoreFixture.make()
        try await store.cut()
        _ = try await store.replay()
        try await store.commit("r1", "a", after: 0)
        let replicator = store.replicator(from: "r1", to: "r2")
        #expect(try await replicator.replicate("a", entries: []) == 1)
        let intruder = store.events("a", after: 1)
        try await store.dynamo.batchPut(store.names.release("r2").events, intruder.map(\.item))
        try await store.commit("r1", "a", after: 1)
        await #expect(throws: ForeignEvent.self) { try await replicator.replicate("a", entries: []) }
        #expect(try await store.reader("r2").load("a").last?.eventId == intruder[0].eventId)
    }
}
