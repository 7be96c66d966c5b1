import AWS
import EventSourcing
import EventStore
import TestSupport
import Testing

@Suite(.localCloud) struct EventComparisonTests {
    private func comparison(_ store: StoreFixture) throws -> EventComparison {
        try EventComparison(
            ledger: store.ledger, source: "r1", target: "r2", by: Dropping.transform.forward)
    }

    private func replayed(_ streams: Int, events: Int = 3) async throws -> StoreFixture {
        let store = try await StoreFixture.make()
        for stream in 0..<streams { try await store.commit("r1", "s-\(stream)", after: 0, count: events) }
        try await store.cut()
        _ = try await SegmentReplay(ledger: store.ledger, source: "r1", target: "r2", segment: 0, total: 1, transform: Dropping.transform)
            .run(until: .now + .seconds(600))
        return store
    }

    private enum Dropping: Transform {
        static let transform = AnyTransform(Dropping.self)

        static func forward(_ event: StoredEvent) -> Conversion {
            event.version == 2 ? .drop : .replace(ConvertedEvent(type: "Changed", schema: 2, data: event.data))
        }
    }

    @Test func `a faithful copy is equal, on every shard and in every stream`() async throws {
        let store = try await replayed(12)
        for question in [0, 1, 2] {
            let answer = try await comparison(store).answer(.init(segment: question, total: 3, seconds: 9), until: .now + .seconds(600))
            #expect(answer.differing.isEmpty && answer.resume == nil)
        }
        let all = try await comparison(store).answer(.init(segment: 0, total: 1, seconds: 9), until: .now + .seconds(600))
        #expect((all.streams, all.events) == (12, 36))
        #expect(all.equal.values.reduce(0) { $0 + $1.events } == 24)
    }

    @Test func `each stream that differs is found, at its first event that does`() async throws {
        let store = try await replayed(10)
        let table = store.names.release("r2").events
        func key(_ stream: String, _ version: Int) -> Item { ["aggregateId": .s(stream), "version": .int(version)] }
        try await store.dynamo.write(.update(table, key("s-1", 2), "SET #data = :new", values: [":new": .s("{\"n\":99}")]))
        try await store.dynamo.write(.delete(table, key("s-2", 2)))
        for (stream, version) in [("s-3", 3), ("alone", 1)] {
            var extra = store.events(stream, after: version - 1)[0]
            extra.from = "r1"
            try await store.dynamo.write(.put(table, extra.item))
        }
        var answer = try await comparison(store).answer(.init(segment: 0, total: 1, seconds: 9), until: .now + .seconds(600))
        let alone = try await comparison(store).answer(
            .init(segment: 0, total: 1, onlyFollower: true, seconds: 9), until: .now + .seconds(600))
        answer.differing += alone.differing
        let found = answer.differing.map { "\($0.aggregateId)@\($0.difference?.version ?? 0) \($0.difference?.field ?? "")" }.sorted()
        #expect(found == ["alone@1 (event)", "s-1@2 data", "s-2@2 (event)", "s-3@3 (event)"])
        let changed = answer.differing.first { $0.aggregateId == "s-1" }
        #expect(changed?.difference?.expected == "{\"n\":3}" && changed?.difference?.candidate == "{\"n\":99}")
        #expect(changed?.expected.events == 2 && changed?.expected != changed?.candidate)
        #expect(answer.equal.values.reduce(0) { $0 + $1.events } == 14)
    }

    @Test func `of a stream whose source can't be read or transformed nobody can tell, and the others are compared all the same`()
        async throws
    {
        struct Unconvertible: Error {}
        enum Failing: Transform {
            static func forward(_ event: StoredEvent) throws -> Conversion {
                if event.aggregateId == "s-1", event.version == 3 { throw Unconvertible() }
                return Dropping.forward(event)
            }
        }
        let store = try await replayed(6)
        func key(_ stream: String, _ version: Int) -> Item { ["aggregateId": .s(stream), "version": .int(version)] }
        try await store.dynamo.write(.update(store.names.release("r2").events, key("s-2", 2), "REMOVE #type"))
        try await store.dynamo.write(.delete(store.names.release("r1").events, key("s-3", 2)))
        try await store.dynamo.write(.update(store.names.release("r1").events, key("s-4", 1), "REMOVE #data"))
        let comparison = try EventComparison(
            ledger: store.ledger, source: "r1", target: "r2", by: AnyTransform(Failing.self).forward)
        let answer = try await comparison.answer(.init(segment: 0, total: 1, seconds: 9), until: .now + .seconds(600))
        let found = Dictionary(answer.differing.map { ($0.aggregateId, $0) }) { first, _ in first }
        #expect(found.keys.sorted() == ["s-1", "s-2", "s-3", "s-4"])
        #expect(found["s-2"]?.difference?.version == 2 && found["s-2"]?.difference?.field == "(event)" && found["s-2"]?.fault == nil)
        #expect(found["s-1"]?.fault?.contains("the transform fails on s-1@3") == true)
        #expect(found["s-3"]?.fault == "the live stream lacks version 2")
        #expect(found["s-4"]?.fault?.contains("s-4@1") == true)
        #expect(["s-1", "s-3", "s-4"].allSatisfy { found[$0]?.difference == nil })
        #expect(answer.streams == 6 && answer.equal.values.reduce(0) { $0 + $1.events } == 4)
    }

    @Test func `a comparison goes on where it stopped, in the middle of a page too, and streams of many pages are whole`() async throws {
        let store = try await replayed(90, events: 2)
        for part in 0..<6 { try await store.commit("r1", "s-0", after: 2 + part * 80, count: 80) }
        let replicator = StreamReplicator(ledger: store.ledger, source: "r1", target: "r2", mapping: Dropping.transform.forward)
        _ = try await replicator.replicate("s-0", entries: [])
        var resume: EventComparisonOrder.Resume?
        var streams = 0
        var events = 0
        repeat {
            let answer = try await comparison(store).answer(.init(segment: 0, total: 1, resume: resume, seconds: 0), until: .now)
            #expect(answer.differing.isEmpty)
            streams += answer.streams
            events += answer.events
            resume = answer.resume
        } while resume != nil
        #expect((streams, events) == (90, 660))
    }
}
