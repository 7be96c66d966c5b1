import AWS
import EventSourcing
import Testing
import TestSupport

@testable import Orchestrator

@Suite struct DocumentHistoryTests {
    private typealias Side = (total: Value, event: Int)?

    /// Whether any of the sightings matched.
    private func matches(_ sightings: [(live: Side, candidate: Side)]) -> Bool {
        var history = DocumentHistory()
        func position(_ side: Side) -> ParityReport.Position? { side.map { .init(revision: $0.event, event: "a@\($0.event)") } }
        return sightings.contains { live, candidate in
            history.matches(
                ReadModelComparison.Sighting(
                    expected: live.map { ["total": $0.total] }, candidate: candidate.map { ["total": $0.total] },
                    livePosition: position(live), candidatePosition: position(candidate)), by: DocumentDiff())
        }
    }

    @Test func `a candidate that follows a document that never rests matches what the live one was before`() {
        #expect(!matches([((3, 3), (1, 1)), ((4, 4), (2, 2))]))
        #expect(matches([((3, 3), (1, 1)), ((4, 4), (2, 2)), ((5, 5), (3, 3))]))
    }

    @Test func `a candidate that is ahead matches when the live one has come to where it was`() {
        #expect(matches([((1, 1), (2, 2)), ((2, 2), (3, 3))]))
    }

    @Test func `a candidate that is always one off matches nothing, ahead or behind`() {
        #expect(!matches((1...40).map { ((.number(.init($0)), $0), (.number(.init($0 - 1)), $0)) }))
        #expect(!matches((1...40).map { ((.number(.init($0)), $0), (.number(.init($0 + 1)), $0)) }))
    }

    @Test func `a document that was missing matches only while it is missing on both sides`() {
        #expect(!matches([(nil, (1, 1)), ((2, 2), nil)]))
        #expect(!matches([((1, 1), nil), (nil, (2, 2))]))
        #expect(matches([((1, 1), nil), (nil, nil)]))
    }

    @Test func `a document that changes all the time under a follower is compared all the same`() async throws {
        let store = try await StoreFixture.make()
        let (live, candidate) = (store.names.release("r1").readModel("m"), store.names.release("r2").readModel("m"))
        let dynamo = store.dynamo
        for name in [live, candidate] { try await dynamo.createTable(.init(name: name, hashKey: .string("id"))) }
        func put(_ table: String, _ total: Int) async throws {
            try await dynamo.write(.put(table, ["id": .s("hot"), "total": .int(total), "_event": .s("a@\(total)")]))
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
                dynamo: dynamo, name: "m", live: live, candidate: candidate, diff: DocumentDiff(), mapping: nil, sink: { _ in }),
            settle: {}, evidence: { _ in [] })
        let (result, total) = try await watch.run(events: 1)
        #expect(result.verdict == .matched && result.documents == 1 && total == 1, "\(result)")
    }
}
