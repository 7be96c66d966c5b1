import AWS
import EventSourcing
import EventStore
import TestSupport
import Testing

/// Conversions that change the count of events or the streams, by replay and by tail.
@Suite(.localCloud) struct ConversionReplayTests {
    @Test(arguments: SampleRules.all.keys.sorted())
    func `replay and tail together give what a replay alone gives`(name: String) async throws {
        let transform = AnyTransform(name, try #require(SampleRules.all[name]))
        let whole = try await StoreFixture.make()
        let parted = try await StoreFixture.make()
        for store in [whole, parted] {
            for stream in ["a", "b", "c"] { try await store.append(stream, after: 0, count: 3) }
        }
        try await parted.cut()
        let first = try await parted.replay(transform)
        for store in [whole, parted] {
            for stream in ["a", "b", "d"] { try await store.append(stream, after: stream == "d" ? 0 : 3, count: 5) }
        }
        try await whole.cut()
        let all = try await whole.replay(transform)
        try await parted.tail(transform.forward)
        #expect(try await parted.contents("r2") == whole.contents("r2"))
        #expect(all.unproven.isEmpty && all.proven == 24)
        try await whole.expectTotals([all])
        try await parted.expectTotals([first])
        try await parted.expectNoGaps("r2")
    }

    @Test(arguments: SampleRules.all.keys.sorted())
    func `a rerun of the replay writes the same bytes`(name: String) async throws {
        let transform = AnyTransform(name, try #require(SampleRules.all[name]))
        let store = try await StoreFixture.make()
        for stream in ["a", "b"] { try await store.append(stream, after: 0, count: 12) }
        try await store.cut()
        let first = try await store.replay(transform)
        let before = try await store.contents("r2")
        try await store.dynamo.batchDelete(
            store.names.release("r2").cursors, keys: [["consumer": .s(CursorKey.replay(of: "r1", segment: 0, of: 1))]])
        let second = try await store.replay(transform)
        #expect(try await store.contents("r2") == before)
        #expect(second.progress == first.progress)
        try await store.expectTotals([second])
    }

    @Test func `a replay that stops after each page goes on where it stopped, whatever streams become`() async throws {
        let store = try await StoreFixture.make()
        var commits: [StoredEvent] = []
        for stream in 0..<10 {
            commits += store.events("s\(stream)", after: 0, count: 30).map { event in
                var event = event
                event.data = #"{"n":\#(event.version),"pad":"\#(String(repeating: "x", count: 8_000))"}"#
                return event
            }
        }
        try await store.dynamo.batchPut(store.names.release("r1").events, commits.map(\.item))
        var runs = 0
        var checkpoint: ReplayCheckpoint
        repeat {
            checkpoint = try await SegmentReplay(
                ledger: store.ledger, source: "r1", target: "r2", segment: 0, total: 1,
                transform: AnyTransform("split", SampleRules.splitStreams)
            ).run(until: .now)
            runs += 1
        } while !checkpoint.finished && runs < 100
        #expect(runs > 2)
        #expect(checkpoint.events == 300 && checkpoint.proven == 300)
        #expect(try await store.contents("r2").count == 300)
        try await store.expectNoGaps("r2")
    }

    @Test func `a source event's parts are written together, in as many transactions as they need`() async throws {
        let store = try await StoreFixture.make()
        let rules: Rules = [.splitEvent("Happened", into: (0..<30).map { "P\($0)" }) { Array(repeating: $0, count: 30) }]
        try await store.cut()
        _ = try await store.replay(AnyTransform("parts", rules))
        try await store.append("a", after: 0, count: 7)
        try await store.tail(rules.forward)
        let copies = try await store.contents("r2")
        #expect(copies.count == 210)
        #expect(Set(copies.map(\.eventId)).count == 210)
        try await store.expectNoGaps("r2")
        for shard in store.shards.all { #expect(try await store.ledger.outbox(shard).isEmpty) }
    }

    private struct Total: EventPayload { var sum = 0 }

    @Test func `a stream is dropped to a summary at the cut, and goes on from there`() async throws {
        let rules: Rules = [
            .summarise(as: Total()) { total, event in total.sum += try Value.parse(event.data)["n"]?.decode(Int.self) ?? 0 }
        ]
        let store = try await StoreFixture.make()
        try await store.append("a", after: 0, count: 4)
        try await store.cut()
        let pass = try await store.replay(AnyTransform("bankruptcy", rules))
        try await store.append("a", after: 4, count: 2)
        try await store.append("new", after: 0, count: 1)
        try await store.tail(rules.forward)
        try await store.append("a", after: 6, count: 1)
        try await store.tail(rules.forward)
        #expect(
            try await store.contents("r2").map { "\($0.position) \($0.type) \($0.data)" } == [
                #"a@1 Total {"sum":10}"#, #"a@2 Happened {"n":5}"#, #"a@3 Happened {"n":6}"#, #"a@4 Happened {"n":7}"#,
                #"new@1 Happened {"n":1}"#,
            ])
        try await store.expectTotals([pass])
    }

    @Test(arguments: ["renameStreams", "splitStreams", "runningSum"])
    func `what the new release commits goes back to the streams it came from`(name: String) async throws {
        let transform = AnyTransform(name, try #require(SampleRules.all[name]))
        let reverse = try #require(transform.reverse)
        let store = try await StoreFixture.make()
        try await store.append("a", after: 0, count: 3)
        try await store.cut()
        _ = try await store.replay(transform)
        // As the new owner's commits: of an epoch after the cut.
        let last = try #require(try await store.contents("r2").last)
        var own = last
        (own.version, own.eventId, own.epoch, own.origin, own.from, own.source) = (last.version + 1, "own", 9, "r2", nil, nil)
        try await store.dynamo.batchPut(store.names.release("r2").events, [own.item])
        let back = store.replicator(from: "r2", to: "r1", reverse)
        for stream in Set(try await store.contents("r2").map(\.aggregateId)) { _ = try await back.replicate(stream, entries: []) }
        let events = try await store.reader("r1").load("a")
        #expect(events.map(\.version) == [1, 2, 3, 4])
        #expect(events[3].eventId == "own" && events[3].from == "r2" && events[3].origin == "r2" && events[3].type == "Happened")
        #expect(events[3].source == own.position)
    }
}
