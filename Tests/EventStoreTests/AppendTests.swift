import AWS
import EventSourcing
import EventStore
import Foundation
import TestSupport
import Testing

@Suite(.localCloud) struct AppendTests {
    @Test func `a commit moves the stream and its shard's head together`() async throws {
        let store = try await StoreFixture.make()
        let commit = store.events("a", after: 0, count: 3)
        #expect(try await store.appender("r1").append(commit) == .appended)
        let stored = try await store.reader("r1").load("a")
        #expect(stored.map(\.version) == [1, 2, 3])
        #expect(stored.allSatisfy { $0.epoch == 1 && $0.origin == "r1" })
        let head = try await store.ledger.head(store.shards.shard(of: "a"))
        #expect(head.totals == Totals(of: stored))
    }

    @Test func `the same commit again succeeds without a second event`() async throws {
        let store = try await StoreFixture.make()
        let commit = store.events("a", after: 0, count: 2)
        #expect(try await store.appender("r1").append(commit) == .appended)
        #expect(try await store.appender("r1").append(commit) == .appended)
        #expect(try await store.reader("r1").load("a").count == 2)
        #expect(try await store.ledger.head(store.shards.shard(of: "a")).totals.events == 2)
    }

    @Test func `another commit at the same version is a conflict`() async throws {
        let store = try await StoreFixture.make()
        #expect(try await store.appender("r1").append(store.events("a", after: 0)) == .appended)
        #expect(try await store.appender("r1").append(store.events("a", after: 0)) == .conflict)
    }

    @Test func `a retry learns that it succeeded even though the shard moved on since`() async throws {
        let store = try await StoreFixture.make()
        let appender = store.appender("r1")
        let commit = store.events("a", after: 0)
        #expect(try await appender.append(commit) == .appended)
        try await store.cut()
        #expect(try await appender.append(commit) == .appended)
    }

    @Test func `after a cut the cached epoch is stale, and the next try notes the commit in the outbox`() async throws {
        let store = try await StoreFixture.make()
        let appender = store.appender("r1")
        #expect(try await appender.append(store.events("a", after: 0)) == .appended)
        try await store.cut()
        let commit = store.events("a", after: 1)
        guard case .stale(let head) = try await appender.append(commit) else {
            Issue.record("the cached epoch was believed")
            return
        }
        #expect(head.epoch == 2 && head.outbox == "r2")
        #expect(try await appender.append(commit) == .appended)
        let entries = try await store.ledger.outbox(store.shards.shard(of: "a"))
        #expect(entries.map(\.first) == [2] && entries.map(\.from) == ["r1"] && entries.map(\.aggregateId) == ["a"])
    }

    @Test func `another owner's writes are refused and named`() async throws {
        let store = try await StoreFixture.make()
        #expect(try await store.appender("r2").append(store.events("a", after: 0)) == .moved(to: "r1"))
        #expect(try await store.reader("r2").load("a").isEmpty)
    }

    @Test func `a sealed shard takes nothing`() async throws {
        let store = try await StoreFixture.make(shards: 1)
        let record = try await store.handover()
        try await store.ledger.seal(0, for: record, handovers: store.handovers)
        guard case .handingOver(let head) = try await store.appender("r1").append(store.events("a", after: 0)) else {
            Issue.record("a sealed shard took a commit")
            return
        }
        #expect(head.handover?.id == record.id)
    }

    @Test func `a refusal is confirmed where the stream ends as it was read, in the epoch before`() async throws {
        let store = try await StoreFixture.make(shards: 1)
        try await store.commit("r1", "a", after: 0)
        let before = try await store.ledger.head(0)
        #expect(try await store.appender("r1").confirm("a", endsAt: 1, since: before) == .appended)
        #expect(try await store.appender("r1").confirm("a", endsAt: 0, since: before) == .conflict)
        #expect(try await store.ledger.head(0).totals == before.totals)
        try await store.cut()
        #expect(try await store.appender("r1").confirm("a", endsAt: 1, since: before) == .stale(store.ledger.head(0)))
    }

    @Test func `a refusal is no answer of a release that doesn't own the shard, or no more`() async throws {
        let store = try await StoreFixture.make(shards: 1)
        let before = try await store.ledger.head(0)
        #expect(try await store.appender("r2").confirm("a", endsAt: 0, since: before) == .moved(to: "r1"))
        let record = try await store.handover()
        let sealed = try await store.ledger.seal(0, for: record, handovers: store.handovers)
        #expect(try await store.appender("r1").confirm("a", endsAt: 0, since: before) == .handingOver(sealed))
        let decided = try await store.handovers.decide(record, fromTotals: [.zero], toTotals: [.zero])
        try await store.ledger.promote(0, by: decided)
        #expect(try await store.appender("r1").confirm("a", endsAt: 0, since: before) == .moved(to: "r2"))
        // As r2 saw it before: its stream was read when the shard wasn't its own yet.
        #expect(try await store.appender("r2").confirm("a", endsAt: 0, since: sealed) == .stale(store.ledger.head(0)))
    }

    @Test func `thirty writers to one stream leave it without gap or double`() async throws {
        let store = try await StoreFixture.make(shards: 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<30 {
                group.addTask {
                    let appender = store.appender("r1")
                    while true {
                        let last = try await store.reader("r1").lastVersion("hot")
                        let commit = store.events("hot", after: last, command: "writer-\(writer)")
                        if try await appender.append(commit) == .appended { return }
                    }
                }
            }
            try await group.waitForAll()
        }
        let events = try await store.reader("r1").load("hot")
        #expect(events.map(\.version) == Array(1...30))
        #expect(Set(events.map(\.eventId)).count == 30)
        #expect(try await store.ledger.head(0).totals == Totals(of: events))
    }

    @Test func `eighty events are one commit, eighty-one are refused`() async throws {
        let store = try await StoreFixture.make()
        #expect(try await store.appender("r1").append(store.events("a", after: 0, count: 80)) == .appended)
        await #expect(throws: CommitTooLarge.self) {
            try await store.appender("r1").append(store.events("a", after: 80, count: 81))
        }
    }
}
