import AWS
import EventSourcing
import Synchronization
import TestSupport
import Testing

@testable import Orchestrator

@Suite(.localCloud) struct DocumentHistoryTests {
    /// A side: what it holds, and the event that it counts as its last.
    private typealias Side = (total: Value, event: String)

    private func matches(_ sightings: [(live: Side?, candidate: Side?)], room: Int = .max) -> Bool {
        var history = DocumentHistory()
        var matched = false
        for (live, candidate) in sightings {
            let sighting = ReadModelComparison.Sighting(
                expected: live.map { ["total": $0.total] }, candidate: candidate.map { ["total": $0.total] },
                livePosition: live.map { .init(revision: 1, event: $0.event) }, candidateSource: candidate?.event)
            matched = history.matches(sighting, by: DocumentDiff(), room: room)
        }
        return matched
    }

    /// A side whose content follows from its position.
    private func at(_ version: Int) -> Side { (.number(.init(version)), "d@\(version)") }

    @Test func `a candidate that follows a document that never rests matches what the live one was before`() {
        #expect(!matches([(at(3), at(1))]))
        #expect(!matches([(at(3), at(1)), (at(4), at(2))]))
        #expect(matches([(at(3), at(1)), (at(4), at(2)), (at(5), at(3))]))
    }

    @Test func `of what a document was as much is remembered as there is room for, and the last at any rate`() {
        let follows: [(live: Side?, candidate: Side?)] = [(at(3), at(1)), (at(4), at(2)), (at(5), at(3))]
        let content = Value.object(["total": 1]).footprint
        #expect(matches(follows, room: content * 3))
        #expect(!matches(follows, room: content * 2))
        #expect(!matches(follows, room: 0))
        #expect(matches([(at(1), at(1))], room: 0))
    }

    @Test func `a candidate that is ahead matches when the live one has come to where it was`() {
        #expect(matches([(at(1), at(2)), (at(2), at(3))]))
    }

    @Test func `what is equal at different positions is no match`() {
        // At event 2 the candidate should be 2 and is 1, as the live one was before: equal now, and wrong.
        #expect(!matches([((1, "d@1"), (1, "d@2"))]))
        #expect(!matches([((1, "d@1"), (1, "d@2")), ((2, "d@2"), (1, "d@2"))]))
        #expect(matches([((1, "d@1"), (1, "d@1"))]))
    }

    @Test func `what the live document never was matches nothing`() {
        #expect(!matches((1...100).map { (at($0), (.number(.init(-$0)), "d@\($0)")) }))
    }

    @Test func `a document that isn't there has no position`() {
        #expect(!matches([(nil, at(1)), (at(2), nil)]))
        #expect(!matches([(at(1), nil), (nil, at(2))]))
        #expect(!matches([(nil, nil)]))
    }

    @Test func `what is equal on both sides at rest is a match without a position`() async throws {
        let store = try await StoreFixture.make()
        let (live, candidate) = (store.names.release("r1").readModel("m"), store.names.release("r2").readModel("m"))
        for name in [live, candidate] { try await store.dynamo.createTable(.init(name: name, hashKey: .string("id"))) }
        for (table, event) in [(live, "a@1"), (candidate, "b@7")] {
            try await store.dynamo.write(.put(table, ["id": .s("equal"), "total": 1, "_event": .s(event)]))
            try await store.dynamo.write(.put(table, ["id": .s("other"), "total": table == live ? 1 : 2, "_event": .s(event)]))
        }
        let watch = DocumentWatch(
            comparison: ReadModelComparison(
                name: "m", live: TableDocuments(dynamo: store.dynamo, table: live),
                candidate: TableDocuments(dynamo: store.dynamo, table: candidate), diff: DocumentDiff(), mapping: nil, sink: { _ in }),
            settle: {}, evidence: { _ in [] })
        let result = try await watch.again(["equal", "other", "nowhere"])
        #expect(result.verdict == .mismatched && result.differences.map(\.document) == ["other"] && result.documents == 3)
        #expect(try await watch.again(["equal", "nowhere"]).verdict == .matched)
    }

    @Test func `a document that a mapping drops is expected to be absent, however often the live one changes`() async throws {
        let store = try await StoreFixture.make()
        let (live, candidate) = (store.names.release("r1").readModel("m"), store.names.release("r2").readModel("m"))
        for name in [live, candidate] { try await store.dynamo.createTable(.init(name: name, hashKey: .string("id"))) }
        try await store.dynamo.write(.put(live, ["id": .s("dropped"), "total": 1, "_event": .s("d@1")]))
        let looks = Mutex(0)
        // Another event at each look.
        let moving = HookedStore(
            store.dynamo,
            found: { _, items in
                let look = looks.withLock { count in
                    count += 1
                    return count
                }
                return items.map { $0.merging(["_event": .s("d@\(look)")]) { $1 } }
            })
        let watch = DocumentWatch(
            comparison: ReadModelComparison(
                name: "m", live: TableDocuments(dynamo: moving, table: live),
                candidate: TableDocuments(dynamo: store.dynamo, table: candidate), diff: DocumentDiff(), mapping: { _ in [:] },
                sink: { _ in }),
            settle: {}, evidence: { _ in [] }, patience: .zero)
        let result = try await watch.again(["dropped"])
        #expect(result.verdict == .matched && result.documents == 1 && result.undecided.isEmpty, "\(result)")
        #expect(looks.withLock { $0 } > 2)
    }

    @Test func `what stopped streams hold back is no difference, and what they don't is one`() async throws {
        let store = try await StoreFixture.make()
        let (live, candidate) = (store.names.release("r1").readModel("m"), store.names.release("r2").readModel("m"))
        for name in [live, candidate] { try await store.dynamo.createTable(.init(name: name, hashKey: .string("id"))) }
        for (table, event) in [(live, "a@2"), (candidate, "a@1")] {
            try await store.dynamo.write(.put(table, ["id": .s("held"), "total": table == live ? 1 : 2, "_event": .s(event)]))
            try await store.dynamo.write(.put(table, ["id": .s("other"), "total": table == live ? 1 : 2, "_event": .s("b@1")]))
        }
        var stopped = StoppedStreams()
        stopped.stop("a", at: .projector(readModel: "m", release: "r2"), because: "poison")
        let held = HeldBack(by: stopped)
        let watch = DocumentWatch(
            comparison: ReadModelComparison(
                name: "m", live: TableDocuments(dynamo: store.dynamo, table: live),
                candidate: TableDocuments(dynamo: store.dynamo, table: candidate), diff: DocumentDiff(), mapping: nil, sink: { _ in }),
            settle: {}, evidence: { _ in [] }, heldBack: { held })
        let result = try await watch.again(["held", "other"])
        #expect(result.differences.map(\.document) == ["other"] && result.stopped?.documents == ["held"] && result.documents == 1)
        let alone = try await watch.again(["held"])
        #expect(alone.verdict == .inconclusive && alone.differing == 0 && alone.reason?.contains("poison") == true)
    }

    @Test func `a document that changes all the time under a follower is compared all the same`() async throws {
        let store = try await StoreFixture.make()
        let (live, candidate) = (store.names.release("r1").readModel("m"), store.names.release("r2").readModel("m"))
        let dynamo = store.dynamo
        for name in [live, candidate] { try await dynamo.createTable(.init(name: name, hashKey: .string("id"))) }
        func put(_ table: String, _ total: Int) async throws {
            try await dynamo.write(.put(table, ["id": .s("hot"), "total": .int(total), "_event": .s("hot@\(total)")]))
        }
        try await put(live, 1)
        try await put(candidate, 0)
        let writer = Task {
            var total = 1
            while !Task.isCancelled {
                total += 1
                try await put(live, total)
                try await put(candidate, total - 1)
            }
        }
        defer { writer.cancel() }
        let watch = DocumentWatch(
            comparison: ReadModelComparison(
                name: "m", live: TableDocuments(dynamo: dynamo, table: live), candidate: TableDocuments(dynamo: dynamo, table: candidate),
                diff: DocumentDiff(), mapping: nil, sink: { _ in }),
            settle: {}, evidence: { _ in [] })
        let (result, total) = try await watch.run(events: 1)
        #expect(result.verdict == .matched && result.documents == 1 && total == 1, "\(result)")
    }
}
