import AWS
import EventSourcing
import EventStore
import Foundation
import TestSupport
import Testing

@Suite(.localCloud) struct ReplayTests {
    /// Fills r1's store directly: history that was committed in epoch 0.
    private func fill(_ store: StoreFixture, streams: Int, eventsEach: Int, size: Int = 20) async throws -> [Totals] {
        var totals = Array(repeating: Totals.zero, count: store.shards.count)
        for stream in 0..<streams {
            let events = store.events("stream-\(stream)-ß🌍", after: 0, count: eventsEach).map { event in
                var event = event
                event.data = "{\"pad\":\"\(String(repeating: "x", count: size))\"}"
                return event
            }
            for event in events { totals[store.shards.shard(of: event.aggregateId)].add(event) }
            try await store.dynamo.batchPut(store.names.release("r1").events, events.map(\.item))
        }
        return totals
    }

    @Test func `streams of more than nine events are copied whole, whatever order the scan shows`() async throws {
        let store = try await StoreFixture.make()
        let totals = try await fill(store, streams: 20, eventsEach: 23)
        let checkpoint = try await store.replay()
        #expect(checkpoint.finished)
        for shard in store.shards.all { #expect(checkpoint.progress[shard]?.source == totals[shard]) }
        let copy = try await store.reader("r2").load("stream-3-ß🌍")
        #expect(copy.map(\.version) == Array(1...23))
        #expect(copy.allSatisfy { $0.from == "r1" && $0.epoch == 0 && $0.source == "stream-3-ß🌍@\($0.version)" })
    }

    /// Slow (about 5 s): the one proof that a stream longer than a page keeps its order and its count.
    @Test func `a stream of ten thousand events that spans many pages is copied once and in order`() async throws {
        let store = try await StoreFixture.make()
        let totals = try await fill(store, streams: 1, eventsEach: 10_000, size: 150)
        let checkpoint = try await store.replay()
        #expect(checkpoint.events == 10_000)
        let shard = store.shards.shard(of: "stream-0-ß🌍")
        #expect(checkpoint.progress[shard]?.source == totals[shard])
        #expect(checkpoint.progress[shard]?.targets[shard] == totals[shard])
        #expect(try await store.reader("r2").load("stream-0-ß🌍").count == 10_000)
    }

    @Test func `a replay that stops after each page goes on where it stopped, and counts nothing twice`() async throws {
        let store = try await StoreFixture.make()
        let totals = try await fill(store, streams: 12, eventsEach: 30, size: 8_000)
        var runs = 0
        var checkpoint: ReplayCheckpoint
        repeat {
            checkpoint = try await SegmentReplay(
                ledger: store.ledger, source: "r1", target: "r2", segment: 0, total: 1, transform: .identity
            ).run(until: .now)
            runs += 1
        } while !checkpoint.finished && runs < 100
        #expect(runs > 2)
        for shard in store.shards.all { #expect(checkpoint.progress[shard]?.source == totals[shard]) }
    }

    @Test func `what was committed after the cut is left to the tail`() async throws {
        let store = try await StoreFixture.make()
        try await store.commit("r1", "a", after: 0, count: 2)
        try await store.cut()
        try await store.commit("r1", "a", after: 2)
        try await store.commit("r1", "b", after: 0)
        #expect(try await store.replay().events == 2)
        #expect(try await store.reader("r2").load("a").map(\.version) == [1, 2])
        #expect(try await store.reader("r2").load("b").isEmpty)
    }

    @Test func `an empty store is replayed to an empty one`() async throws {
        let store = try await StoreFixture.make()
        try await store.cut()
        let checkpoint = try await store.replay()
        #expect(checkpoint.finished && checkpoint.events == 0)
    }

    private enum Careless: Transform {
        static func forward(_ event: StoredEvent) throws -> Conversion {
            if event.version == 2 { throw MalformedInput(field: "n", problem: "is odd") }
            return .keep
        }
    }

    @Test func `a transform that throws stops the replay and names the event`() async throws {
        let store = try await StoreFixture.make()
        try await store.commit("r1", "a", after: 0, count: 3)
        try await store.cut()
        do {
            _ = try await store.replay(AnyTransform(Careless.self))
            Issue.record("the replay went on")
        } catch let error as TransformFailed {
            #expect(error.position == "a@2")
        }
    }

    private enum Lossy: ReversibleTransform {
        static func forward(_ event: StoredEvent) throws -> Conversion {
            .replace(ConvertedEvent(type: event.type, schema: 2, data: "{}"))
        }
        static func reverse(_ event: StoredEvent) throws -> Conversion { .keep }
    }

    @Test func `a reverse that loses data is counted by type, not promised`() async throws {
        let store = try await StoreFixture.make()
        try await store.commit("r1", "a", after: 0, count: 3)
        try await store.cut()
        let checkpoint = try await store.replay(AnyTransform(Lossy.self))
        #expect(checkpoint.proven == 0 && checkpoint.unproven == ["Happened": 3])
    }
}
