import AWS
import EventSourcing
import EventStore
import TestSupport
import Testing

/// Items of the source that are no events, set aside by a replay that was told to.
@Suite(.localCloud) struct QuarantineTests {
    private func replay(_ store: StoreFixture, _ transform: AnyTransform = .identity, until: ContinuousClock.Instant = .now + .seconds(600))
        async throws -> ReplayCheckpoint
    {
        try await SegmentReplay(
            ledger: store.ledger, source: "r1", target: "r2", segment: 0, total: 1, transform: transform, quarantines: true
        ).run(until: until)
    }

    /// Takes attributes away from an event of the live release, as a hand or a faulty program would.
    private func damage(_ store: StoreFixture, _ stream: String, _ version: Int, _ attributes: String...) async throws {
        let key: Item = ["aggregateId": .s(stream), "version": .int(version)]
        try await store.dynamo.write(
            .update(store.names.release("r1").events, key, "REMOVE " + attributes.map { "#\($0)" }.joined(separator: ", ")))
    }

    private func records(_ store: StoreFixture) async throws -> [String: Item] {
        let items = try await store.dynamo.scan(DynamoDB.ScanRequest(table: store.names.release("r2").cursors)).items
        let records = items.filter { $0["consumer"]?.string?.hasPrefix("quarantine/r1/") == true }
        return Dictionary(records.map { ($0["key"]?.string ?? "?", $0) }) { first, _ in first }
    }

    private func accounts(_ store: StoreFixture, _ checkpoint: ReplayCheckpoint) async throws -> Set<CutAccount> {
        Set(
            try await store.ledger.heads().map { head in
                CutAccount(
                    cut: head.cut?.totals ?? .zero, read: checkpoint.progress[head.shard]?.source ?? .zero,
                    aside: checkpoint.setAside[head.shard] ?? .none)
            })
    }

    @Test func `items that never were events are set aside whole, and the totals are exact`() async throws {
        let store = try await StoreFixture.make()
        try await store.append("a", after: 0, count: 3)
        try await store.cut()
        let odd: [Item] = [
            ["aggregateId": .s("note"), "version": .int(0), "text": .s("remember the milk")],
            ["aggregateId": .s("note"), "version": .n("1.5"), "eventId": .int(7)],
        ]
        try await store.dynamo.batchPut(store.names.release("r1").events, odd)
        let checkpoint = try await replay(store)
        #expect(checkpoint.events == 3 && checkpoint.itemsSetAside == 2)
        #expect(checkpoint.setAsideKeys == ["note@0", "note@1.5"])
        #expect(try await accounts(store, checkpoint) == [.exact])
        let records = try await records(store)
        #expect(records["note@0"]?["item"]?.map == odd[0] && records["note@1.5"]?["item"]?.map == odd[1])
        #expect(records["note@0"]?["reason"]?.string == "it has no usable 'eventId'")
        #expect(try await store.contents("r2").map(\.aggregateId) == ["a", "a", "a"])
    }

    @Test func `what has a version below 1 is no event, though it has all of its attributes`() async throws {
        let store = try await StoreFixture.make()
        try await store.append("a", after: 0, count: 2)
        try await store.cut()
        try await store.dynamo.batchPut(store.names.release("r1").events, store.events("b", after: -1).map(\.item))
        await #expect(throws: OddSource.self) { try await store.replay() }
        let checkpoint = try await replay(store)
        #expect(checkpoint.setAsideKeys == ["b@0"] && checkpoint.events == 2)
        #expect(try await store.contents("r2").map(\.aggregateId) == ["a", "a"])
    }

    @Test func `of a stream with a damaged event the beginning is copied, and what follows goes with it`() async throws {
        let store = try await StoreFixture.make()
        try await store.append("a", after: 0, count: 5)
        try await store.append("b", after: 0, count: 2)
        try await store.cut()
        try await damage(store, "a", 3, "at", "meta")
        let checkpoint = try await replay(store, AnyTransform("split", SampleRules.splitEvents))
        #expect(try await store.contents("r2").map(\.source) == ["a@1", "a@1", "a@2", "a@2", "b@1", "b@1", "b@2", "b@2"])
        #expect(checkpoint.setAsideKeys == ["a@3", "a@4", "a@5"] && checkpoint.events == 4)
        // Its digest is made of nothing that is missing.
        #expect(try await accounts(store, checkpoint) == [.exact])
        let records = try await records(store)
        #expect(records["a@5"]?["reason"]?.string == "it follows an item that is no event")
        #expect(records["a@3"]?["item"]?.map?["data"]?.string == #"{"n":3}"#)
        try await store.expectNoGaps("r2")
    }

    @Test func `where an event's data is gone its shard is proven by its count alone, and a lost event still shows`() async throws {
        let store = try await StoreFixture.make(shards: 1)
        try await store.append("a", after: 0, count: 2)
        try await store.append("b", after: 0, count: 2)
        try await store.cut()
        try await damage(store, "a", 2, "data")
        #expect(try await accounts(store, try await replay(store)) == [.byCount])
        try await store.dynamo.batchDelete(
            store.names.release("r2").cursors, keys: [["consumer": .s(CursorKey.replay(of: "r1", segment: 0, of: 1))]])
        try await store.dynamo.write(.delete(store.names.release("r1").events, ["aggregateId": .s("b"), "version": .int(2)]))
        #expect(try await accounts(store, try await replay(store)) == [.differs])
    }

    @Test func `a long stream is set aside from its damaged event on, wherever pages end, and a rerun counts the same`() async throws {
        let store = try await StoreFixture.make()
        // 3,000 events of 600 bytes: two pages.
        let events = store.events("long", after: 0, count: 3_000).map { event in
            var event = event
            event.data = #"{"pad":"\#(String(repeating: "x", count: 400))"}"#
            return event
        }
        try await store.dynamo.batchPut(store.names.release("r1").events, events.map(\.item))
        try await store.append("other", after: 0, count: 3)
        try await store.cut()
        try await damage(store, "long", 2_500, "type")
        var checkpoint = try await replay(store, until: .now)
        while !checkpoint.finished { checkpoint = try await replay(store, until: .now) }
        #expect(checkpoint.events == 2_499 + 3 && checkpoint.itemsSetAside == 501)
        #expect(checkpoint.setAsideKeys.count == ReplayCheckpoint.keysShown)
        #expect(try await store.reader("r2").load("long").count == 2_499)
        try await store.dynamo.batchDelete(
            store.names.release("r2").cursors, keys: [["consumer": .s(CursorKey.replay(of: "r1", segment: 0, of: 1))]])
        let again = try await replay(store)
        #expect(again.itemsSetAside == 501 && again.progress == checkpoint.progress)
    }

    @Test func `what is committed to such a stream after the cut stops in the tail, and others go on`() async throws {
        let store = try await StoreFixture.make()
        for stream in ["a", "b"] { try await store.append(stream, after: 0, count: 3) }
        try await store.cut()
        let key: Item = ["aggregateId": .s("a"), "version": .int(2)]
        let whole = try #require(try await store.dynamo.getItem(store.names.release("r1").events, key))
        try await damage(store, "a", 2, "at")
        _ = try await replay(store)
        // Someone mends it too late.
        try await store.dynamo.write(.put(store.names.release("r1").events, whole))
        for stream in ["a", "b"] { try await store.append(stream, after: 3) }
        let result = try await OutboxSweep(replicator: store.replicator(from: "r1", to: "r2")).run(store.shards.all)
        #expect(result.failures.keys.sorted() == ["a"])
        #expect(result.failures["a"]?.contains("all of stream 'a' after version 1 aside") == true)
        #expect(try await store.reader("r2").load("b").map(\.version) == [1, 2, 3, 4])
        #expect(try await store.reader("r2").load("a").map(\.version) == [1])
    }
}
