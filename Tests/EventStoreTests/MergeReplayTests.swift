import AWS
import EventSourcing
import EventStore
import TestSupport
import Testing

/// Streams that become one: by replay in the order that the transform says, in the tail as they arrive.
@Suite(.localCloud) struct MergeReplayTests {
    private let transform = AnyTransform("merge", SampleRules.mergeStreams)

    @Test func `a replay puts merged events in their order, and each stream's stay in its own`() async throws {
        let store = try await StoreFixture.make()
        for stream in ["a/1", "a/2", "b/1"] { try await store.append(stream, after: 0, count: 12) }
        try await store.cut()
        let first = try await store.replay(transform)
        #expect(first.staged.events == 36)
        let merged = try await store.merge()
        #expect(merged.finished && merged.staged == first.staged)
        let a = try await store.reader("r2").load("a")
        #expect(a.map(\.version) == Array(1...24))
        #expect(a.prefix(4).map(\.source) == ["a/1@1", "a/2@1", "a/1@2", "a/2@2"])
        #expect(try await store.reader("r2").load("b").count == 12)
        try await store.expectTotals([first, merged])
    }

    @Test func `an order that runs backwards in a stream doesn't turn the stream around`() async throws {
        let rules: Rules = [.mergeStreams(by: { _ in "one" }, orderedBy: { $0.version == 2 ? "1" : "5" })]
        let store = try await StoreFixture.make()
        try await store.append("a", after: 0, count: 3)
        try await store.cut()
        _ = try await store.replay(AnyTransform("backwards", rules))
        _ = try await store.merge()
        #expect(try await store.reader("r2").load("one").map(\.source) == ["a@1", "a@2", "a@3"])
    }

    @Test func `a rerun of both passes writes the same bytes`() async throws {
        let store = try await StoreFixture.make()
        for stream in ["a/1", "a/2", "a/3"] { try await store.append(stream, after: 0, count: 7) }
        try await store.cut()
        _ = try await store.replay(transform)
        _ = try await store.merge()
        let before = try await store.contents("r2")
        try await store.dynamo.batchDelete(
            store.names.release("r2").cursors,
            keys: [
                ["consumer": .s(CursorKey.replay(of: "r1", segment: 0, of: 1))],
                ["consumer": .s(CursorKey.merge(of: "r1", segment: 0, of: 1))],
            ])
        let first = try await store.replay(transform)
        let merged = try await store.merge()
        #expect(try await store.contents("r2") == before)
        try await store.expectTotals([first, merged])
    }

    @Test func `a merge that stops after each page goes on where it stopped`() async throws {
        let store = try await StoreFixture.make()
        let commits = (0..<60).flatMap { stream in
            store.events("t\(stream % 20)/\(stream)", after: 0, count: 6).map { event in
                var event = event
                event.data = #"{"n":\#(event.version),"pad":"\#(String(repeating: "x", count: 7_000))"}"#
                return event
            }
        }
        try await store.dynamo.batchPut(store.names.release("r1").events, commits.map(\.item))
        let first = try await store.replay(transform)
        var runs = 0
        var merged: ReplayCheckpoint
        repeat {
            merged = try await MergeReplay(ledger: store.ledger, source: "r1", target: "r2", segment: 0, total: 1).run(until: .now)
            runs += 1
        } while !merged.finished && runs < 100
        #expect(runs > 2)
        #expect(merged.staged == first.staged && merged.staged.events == 360)
        #expect(try await store.contents("r2").count == 360)
        try await store.expectNoGaps("r2")
    }

    @Test func `in the tail arrival decides, and ten replicators at once leave no gap and no double`() async throws {
        let store = try await StoreFixture.make()
        for stream in ["a/1", "a/2"] { try await store.append(stream, after: 0, count: 2) }
        try await store.cut()
        let first = try await store.replay(transform)
        let merged = try await store.merge()
        for stream in 1...6 { try await store.append("a/\(stream)", after: stream < 3 ? 2 : 0, count: 3) }
        let mapping = transform.forward
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<10 { group.addTask { try await store.tail(mapping) } }
            try await group.waitForAll()
        }
        let copies = try await store.reader("r2").load("a")
        #expect(copies.map(\.version) == Array(1...22))
        let expected = (1...6).flatMap { stream in (1...(stream < 3 ? 5 : 3)).map { "a/\(stream)@\($0)" } }
        #expect(Set(copies.compactMap(\.source)) == Set(expected))
        for stream in 1...6 {
            let own = copies.compactMap(\.source).filter { $0.hasPrefix("a/\(stream)@") }
            #expect(own == own.sorted())
        }
        try await store.expectTotals([first, merged])
    }
}
