import AWS
import EventSourcing
import EventStore
import TestSupport
import Testing

@Suite(.localCloud) struct EventComparisonTests {
    private typealias Answer = EventComparisonOrder.Answer
    private typealias Event = EventComparisonOrder.Event

    private struct Total: EventPayload { var sum = 0 }

    private enum Dropping: Transform {
        static let rules = AnyTransform(Dropping.self)

        static func forward(_ event: StoredEvent) -> Conversion {
            event.version == 2 ? .drop : .replace(ConvertedEvent(type: "Changed", schema: 2, data: event.data))
        }
    }

    private static let transforms: [String: AnyTransform] = {
        var all = SampleRules.all.mapValues { AnyTransform("sample", $0) }
        all["identity"] = .identity
        all["dropping"] = Dropping.rules
        all["mergeStreams"] = AnyTransform("merge", SampleRules.mergeStreams)
        all["summarise"] = AnyTransform(
            "summarise",
            [.summarise(as: Total()) { total, event in total.sum += try Value.parse(event.data)["n"]?.decode(Int.self) ?? 0 }])
        return all
    }()

    private struct Sides {
        var expected = Answer()
        var candidate = Answer()
        /// What it took to tell what is expected.
        var answers = 0

        /// What only one side lists, by place.
        var differing: [String] {
            func places(_ here: [Event], _ there: [Event], _ side: String) -> [String] {
                var others = there.map { [$0.stream, $0.source, $0.eventId, $0.digest] }
                return here.compactMap { event in
                    if let match = others.firstIndex(of: [event.stream, event.source, event.eventId, event.digest]) {
                        others.remove(at: match)
                        return nil
                    }
                    return "\(side) \(event.stream) of \(event.source)"
                }
            }
            return (places(expected.listed, candidate.listed, "expected") + places(candidate.listed, expected.listed, "candidate")).sorted()
        }
    }

    private static let anyTime = "2099-01-01T00:00:00.000000Z"

    /// Reads both sides, in parts. `isHurried`: each answer stops as soon as it may.
    private func look(
        _ store: StoreFixture, _ transform: AnyTransform, horizon: String = anyTime, slices: Set<Int>? = nil, total: Int = 1,
        isHurried: Bool = false
    ) async throws -> Sides {
        let comparison = EventComparison(ledger: store.ledger, source: "r1", target: "r2", by: transform.forward)
        func all(_ side: EventComparisonOrder.Side) async throws -> (sum: Answer, count: Int) {
            var (sum, count) = (Answer(), 0)
            for segment in 0..<total {
                var question = EventComparisonOrder.Question(
                    side: side, segment: segment, total: total, horizon: horizon, slices: slices, seconds: 9)
                repeat {
                    let answer = try await comparison.answer(question, until: .now + .seconds(isHurried ? 0 : 600))
                    sum.add(answer)
                    count += 1
                    question.resume = try answer.resume.map { try Value(encoding: $0).decode(EventComparisonOrder.Resume.self) }
                } while question.resume != nil
            }
            return (sum, count)
        }
        let expected = try await all(.expected)
        return Sides(expected: expected.sum, candidate: try await all(.candidate).sum, answers: expected.count)
    }

    /// Five streams of four events each, one of which may have more, replayed; and some more carried by the tail.
    private func copied(_ transform: AnyTransform, longest: Int = 4) async throws -> StoreFixture {
        let store = try await StoreFixture.make()
        let streams = ["a/1", "a/2", "b/1", "c", "d"]
        for stream in streams {
            // Of epoch 0, so before the cut.
            var events = store.events(stream, after: 0, count: stream == "d" ? longest : 4, command: "c")
            if events.count > 4 {
                // More than a page of a scan holds.
                let pad = String(repeating: "x", count: 3_000)
                for index in events.indices { events[index].data = #"{"n":\#(index + 1),"pad":"\#(pad)"}"# }
            }
            try await store.dynamo.batchPut(store.names.release("r1").events, events.map(\.item))
        }
        try await store.cut()
        _ = try await store.replay(transform)
        if transform.forward.layout == .merging { _ = try await store.merge() }
        for stream in ["a/1", "c"] { try await store.append(stream, after: 4, count: 3) }
        try await store.append("new", after: 0, count: 2)
        try await store.tail(transform.forward)
        return store
    }

    @Test(arguments: transforms.keys.sorted())
    func `a faithful copy is equal in every slice, whatever streams become`(name: String) async throws {
        let transform = try #require(Self.transforms[name])
        let store = try await copied(transform)
        let contents = try await store.contents("r2").count
        for (total, isHurried) in [(1, false), (3, true)] {
            let sides = try await look(store, transform, total: total, isHurried: isHurried)
            #expect(sides.expected.totals == sides.candidate.totals)
            #expect(sides.candidate.totals.values.reduce(0) { $0 + $1.events } == contents && contents > 0)
            #expect((sides.expected.streams, sides.expected.events) == (6, 28))
            #expect(sides.expected.untold.isEmpty && sides.expected.later == 0)
        }
    }

    @Test(arguments: ["dropping", "splitStreams", "mergeStreams", "summarise"])
    func `what is lost, changed or added is found, and nothing else`(name: String) async throws {
        let transform = try #require(Self.transforms[name])
        let store = try await copied(transform)
        let table = store.names.release("r2").events
        func key(_ event: StoredEvent) -> Item { ["aggregateId": .s(event.aggregateId), "version": .int(event.version)] }
        let contents = try await store.contents("r2")
        let lost = try #require(contents.first { $0.source == "b/1@3" || $0.source == "b/1@4" })
        let changed = try #require(contents.last { $0.source == "d@4" })
        try await store.dynamo.write(.delete(table, key(lost)))
        try await store.dynamo.write(.update(table, key(changed), "SET #data = :new", values: [":new": .s("{\"n\":99}")]))
        var added = store.events("alone", after: 0)[0]
        added.from = "r1"
        try await store.dynamo.write(.put(table, added.item))

        let totals = try await look(store, transform)
        let slices = Set(totals.expected.totals.keys).union(totals.candidate.totals.keys).filter {
            totals.expected.totals[$0] != totals.candidate.totals[$0]
        }
        #expect((2...3).contains(slices.count))
        let listed = try await look(store, transform, slices: slices, isHurried: true)
        #expect(
            listed.differing
                == [
                    "candidate alone of ", "candidate \(changed.aggregateId) of d@4",
                    "expected \(lost.aggregateId) of \(lost.source ?? "")", "expected \(changed.aggregateId) of d@4",
                ])
        let before = try #require(listed.expected.listed.first { $0.eventId == changed.eventId && $0.stream == changed.aggregateId })
        let after = try #require(listed.candidate.listed.first { $0.eventId == changed.eventId && $0.stream == changed.aggregateId })
        let comparison = EventComparison(ledger: store.ledger, source: "r1", target: "r2", by: transform.forward)
        let told = try await comparison.explain([.init(expected: before, candidate: after)], until: .now + .seconds(600))
        #expect(told == [.init(field: "data", expected: changed.data, candidate: "{\"n\":99}")])
    }

    @Test func `what is dated after the horizon takes no part on either side`() async throws {
        let store = try await copied(.identity)
        var late = store.events("d", after: 4)[0]
        late.at = "2026-05-05T00:00:00.000000Z"
        try await store.commit("r1", [late])
        let sides = try await look(store, .identity, horizon: "2026-05-04T23:59:59.999999Z")
        #expect(sides.expected.totals == sides.candidate.totals)
        #expect((sides.expected.events, sides.expected.later, sides.expected.latest) == (28, 1, late.at))
        let all = try await look(store, .identity, horizon: late.at)
        #expect(all.expected.totals != all.candidate.totals && all.expected.later == 0)
    }

    @Test func `what is no copy takes part whatever its date`() async throws {
        let store = try await copied(.identity)
        var foreign = store.events("d", after: 4)[0]
        foreign.at = Self.anyTime
        try await store.dynamo.write(.put(store.names.release("r2").events, foreign.item))
        let sides = try await look(store, .identity, horizon: "2026-05-05T00:00:00.000000Z")
        #expect(sides.expected.totals != sides.candidate.totals && sides.candidate.later == 0)
    }

    @Test func `a version that a merged stream lacks is found, though its events are compared as a set`() async throws {
        let transform = AnyTransform("merge", SampleRules.mergeStreams)
        let store = try await copied(transform)
        let table = store.names.release("r2").events
        var moved = try await store.reader("r2").load("a")[2]
        try await store.dynamo.write(.delete(table, ["aggregateId": "a", "version": .int(3)]))
        moved.version = 99
        try await store.dynamo.write(.put(table, moved.item))
        let sides = try await look(store, transform, isHurried: true)
        #expect(sides.expected.totals == sides.candidate.totals)
        #expect(sides.candidate.gaps == [StreamGap(aggregateId: "a", expected: 3, found: 4)])
    }

    @Test func `of a stream whose source can't be read or transformed nobody can tell, and the others are compared all the same`()
        async throws
    {
        struct Unconvertible: Error {}
        enum Failing: Transform {
            static func forward(_ event: StoredEvent) throws -> Conversion {
                if event.aggregateId == "a/1", event.version == 3 { throw Unconvertible() }
                return Dropping.forward(event)
            }
        }
        let store = try await copied(Dropping.rules)
        func key(_ stream: String, _ version: Int) -> Item { ["aggregateId": .s(stream), "version": .int(version)] }
        try await store.dynamo.write(.update(store.names.release("r2").events, key("a/2", 2), "REMOVE #type"))
        try await store.dynamo.write(.delete(store.names.release("r1").events, key("b/1", 2)))
        try await store.dynamo.write(.update(store.names.release("r1").events, key("c", 1), "REMOVE #data"))
        let sides = try await look(store, AnyTransform(Failing.self), slices: Set(0..<EventSlices(store.shards).count))
        let reasons = Dictionary(sides.expected.untold.map { ($0.aggregateId, $0.reason) }) { first, _ in first }
        #expect(reasons.keys.sorted() == ["a/1", "b/1", "c"] && sides.expected.streams == 6)
        #expect(reasons["a/1"]?.contains("the transform fails on a/1@3") == true)
        #expect(reasons["b/1"] == "the live stream lacks version 2")
        #expect(reasons["c"]?.contains("c@1") == true)
        let others = sides.differing.filter { place in !["a/1", "b/1", "c"].contains { place.contains(" \($0) ") } }
        #expect(others == ["candidate a/2 of a/2@3", "expected a/2 of a/2@3"])
        #expect(sides.candidate.listed.first { $0.stream == "a/2" && $0.version == 2 }?.digest == "")
    }

    @Test(arguments: ["runningSum", "splitStreams", "summarise"])
    func `a stream of any length is gone on with where an answer stopped`(name: String) async throws {
        let transform = try #require(Self.transforms[name])
        let store = try await copied(transform, longest: 450)
        let hurried = try await look(store, transform, isHurried: true)
        #expect(hurried.expected.totals == hurried.candidate.totals)
        #expect((hurried.expected.streams, hurried.expected.events) == (6, 450 + 24) && hurried.answers > 3)
    }

    @Test func `an event that waits for the one that it becomes one with is counted, and is no difference`() async throws {
        let transform = AnyTransform("merge", [.mergeEvents(["Happened", "Done"], into: "Whole", by: { $0[1] })])
        let store = try await StoreFixture.make()
        for (stream, count) in [("a", 1), ("b", 2), ("c", 1)] { try await store.append(stream, after: 0, count: count) }
        var done = store.events("a", after: 1)[0]
        done.type = "Done"
        try await store.commit("r1", [done])
        try await store.cut()
        _ = try await store.replay(transform)
        let sides = try await look(store, transform)
        #expect(sides.expected.totals == sides.candidate.totals && sides.candidate.totals.values.reduce(0) { $0 + $1.events } == 1)
        #expect(sides.expected.waiting == ["Happened": 2])
    }

    @Test func `empty releases are equal`() async throws {
        let store = try await StoreFixture.make()
        let sides = try await look(store, .identity)
        #expect(sides.expected.totals.isEmpty && sides.candidate.totals.isEmpty && sides.expected.streams == 0)
    }
}
