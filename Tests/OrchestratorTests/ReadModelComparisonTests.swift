import AWS
import EventSourcing
import EventStore
import Synchronization
import TestSupport
import Testing

@testable import Orchestrator

@Suite(.localCloud) struct ReadModelComparisonTests {
    private struct Tables {
        var store: StoreFixture
        var live: String
        var candidate: String

        static func make() async throws -> Tables {
            let store = try await StoreFixture.make()
            let tables = Tables(
                store: store, live: store.names.release("r1").readModel("m"), candidate: store.names.release("r2").readModel("m"))
            for name in [tables.live, tables.candidate] { try await store.dynamo.createTable(.init(name: name, hashKey: .string("id"))) }
            return tables
        }

        func comparison(_ mapping: ReadModelComparison.Mapping? = nil) -> ReadModelComparison {
            ReadModelComparison(
                name: "m", live: TableDocuments(dynamo: store.dynamo, table: live),
                candidate: TableDocuments(dynamo: store.dynamo, table: candidate), diff: DocumentDiff(), mapping: mapping, sink: { _ in })
        }
    }

    private func document(_ id: Int, total: Int = 1) -> Item {
        ["id": .s("d-\(id)"), "total": .int(total), "_revision": .int(id), "_event": .s("d-\(id)@2")]
    }

    @Test func `ten documents of many that differ are found, and no other`() async throws {
        let tables = try await Tables.make()
        try await tables.store.dynamo.batchPut(tables.live, (0..<1_000).map { document($0) })
        // Changed: 0…3. Missing: 4…6. Only there: 1000…1002.
        let theirs = (0..<1_003).filter { !(4...6).contains($0) }.map { document($0, total: $0 < 4 ? 2 : 1) }
        try await tables.store.dynamo.batchPut(tables.candidate, theirs)
        let look = try await tables.comparison().firstLook()
        let planted = Set((0...6).map { "d-\($0)" } + (1_000...1_002).map { "d-\($0)" })
        #expect(look.total == 1_003 && look.suspects.count == 10 && Set(look.suspects) == planted)
        let sighted = try await tables.comparison().sight(["d-1", "d-5", "d-1001"])
        #expect(sighted["d-1"]?.expected?["total"] == 1 && sighted["d-1"]?.candidate?["total"] == 2)
        #expect(sighted["d-5"]?.livePosition == .init(revision: 5, event: "d-5@2") && sighted["d-5"]?.candidate == nil)
        #expect(sighted["d-1001"]?.expected == nil && sighted["d-1001"]?.candidatePosition?.revision == 1_001)
    }

    @Test func `a mapped document is compared with what the mapping makes of the live one`() async throws {
        let tables = try await Tables.make()
        try await tables.store.dynamo.batchPut(tables.live, (0..<30).map { document($0) })
        // Documents 0…9 are dropped by the mapping, the others have their total doubled; 12 isn't, and 5 is still there.
        try await tables.store.dynamo.batchPut(
            tables.candidate, (10..<30).map { document($0, total: $0 == 12 ? 1 : 2) } + [document(5, total: 2)])
        let comparison = tables.comparison { live in
            live.filter { $0.key.count > 3 }.mapValues { fields in
                var fields = fields
                fields["total"] = 2
                return fields
            }
        }
        #expect(Set(try await comparison.firstLook().suspects) == ["d-5", "d-12"])
    }

    @Test func `what never changes is judged, even where the patience is over as soon as both sides are up to date`() async throws {
        let tables = try await Tables.make()
        try await tables.store.dynamo.batchPut(tables.live, [document(0), document(1)])
        try await tables.store.dynamo.batchPut(tables.candidate, [document(0), document(1, total: 2)])
        let watch = DocumentWatch(
            comparison: tables.comparison(), settle: {}, evidence: { _ in [] }, patience: .zero)
        let (result, total) = try await watch.run(events: 1)
        #expect(result.verdict == .mismatched && result.differences.map(\.document) == ["d-1"] && result.undecided.isEmpty)
        #expect(total == 2 && result.documents == 2 && result.leftOut == nil && result.reason == nil)
    }

    @Test func `documents are watched some at a time, and all of them where few differ`() async throws {
        let tables = try await Tables.make()
        try await tables.store.dynamo.batchPut(tables.live, (0..<60).map { document($0) })
        try await tables.store.dynamo.batchPut(tables.candidate, (0..<60).map { document($0, total: $0 < 25 ? 2 : 1) })
        let most = Mutex(0)
        var watch = DocumentWatch(
            comparison: tables.comparison(), settle: {},
            evidence: { differing in
                most.withLock { $0 = max($0, differing.count) }
                return []
            })
        watch.watched = 20
        let (result, _) = try await watch.run(events: 1)
        #expect(Set(result.differences.map(\.document)) == Set((0..<25).map { "d-\($0)" }))
        #expect(result.differing == 25 && result.documents == 60 && result.leftOut == nil)
        #expect(most.withLock { $0 } == 20)
    }

    @Test func `where so many differ that the verdict stands the others are counted, and not taken for compared`() async throws {
        let tables = try await Tables.make()
        try await tables.store.dynamo.batchPut(tables.live, (0..<60).map { document($0) })
        try await tables.store.dynamo.batchPut(tables.candidate, (0..<60).map { document($0, total: 2) })
        var watch = DocumentWatch(comparison: tables.comparison(), settle: {}, evidence: { _ in [] })
        watch.watched = 20
        watch.enough = 15
        let (result, total) = try await watch.run(events: 1)
        #expect(result.verdict == .mismatched && result.differing == 20 && result.leftOut == 40 && result.documents == 20)
        #expect(result.reason?.hasPrefix("40 more ") == true)
        let report = ParityReport(stack: "s", live: "r1", candidate: "r2", readModels: [result], total: total)
        #expect(report.verdict == .mismatched && abs(report.coverage - 1.0 / 3) < 0.001)
        // Another look at some of them adds to what was left out, and keeps why.
        var both = result
        both.add(result)
        #expect(both.differing == 20 && both.leftOut == 80 && both.documents == 0 && both.reason?.hasPrefix("80 more ") == true)
    }

    @Test func `where documents are large fewer are watched at a time, and the rest is counted where enough is told`() async throws {
        let tables = try await Tables.make()
        let text: Item = ["text": .s(String(repeating: "x", count: 1_000))]
        try await tables.store.dynamo.batchPut(tables.live, (0..<6).map { document($0).merging(text) { $1 } })
        try await tables.store.dynamo.batchPut(tables.candidate, (0..<6).map { document($0, total: 2).merging(text) { $1 } })
        let most = Mutex(0)
        var watch = DocumentWatch(
            comparison: tables.comparison(), settle: {},
            evidence: { differing in
                #expect(differing.allSatisfy { $0.value.sighting.expected == nil && $0.value.sighting.candidate == nil })
                most.withLock { $0 = max($0, differing.count) }
                return []
            })
        // Three have some 7,500 bytes on both sides.
        watch.watchedBytes = 8_000
        let (whole, _) = try await watch.run(events: 1)
        #expect(whole.differing == 6 && whole.documents == 6 && whole.leftOut == nil && whole.reason == nil)
        #expect(most.withLock { $0 } == 3)

        watch.enoughBytes = 100
        let (part, _) = try await watch.run(events: 1)
        #expect(part.verdict == .mismatched && part.differing == 3 && part.leftOut == 3 && part.documents == 3)
        #expect(part.reason?.hasPrefix("3 more ") == true)
    }

    @Test func `at rest a document whose last write shows a moment late is none that differs`() async throws {
        let tables = try await Tables.make()
        let (stale, candidate) = (document(0, total: 0), tables.candidate)
        try await tables.store.dynamo.batchPut(tables.live, [document(0), document(1), document(2)])
        try await tables.store.dynamo.batchPut(candidate, [document(0), document(1, total: 2), document(2)])
        let reads = Mutex(0)
        let pauses = Mutex<[Duration]>([])
        let clock = ClientClock(
            now: ClientClock.system.now, sleep: { pause in pauses.withLock { $0.append(pause) } }, random: ClientClock.system.random)
        let store = HookedStore(
            tables.store.dynamo, clock: clock,
            found: { table, items in
                guard table == candidate else { return items }
                let isFirst = reads.withLock { count in
                    count += 1
                    return count == 1
                }
                return items.map { isFirst && $0["id"]?.string == "d-0" ? stale : $0 }
            })
        let comparison = ReadModelComparison(
            name: "m", live: TableDocuments(dynamo: store, table: tables.live), candidate: TableDocuments(dynamo: store, table: candidate),
            diff: DocumentDiff(), mapping: nil, sink: { _ in })
        let differing = try await comparison.differing(["d-0", "d-1", "d-2"], clock: store.clock)
        #expect(differing.map(\.key) == ["d-1"])
        #expect(reads.withLock { $0 } == 2)
        #expect(pauses.withLock { $0 } == [.milliseconds(10)])
        // Where all match there is nothing to wait for.
        #expect(try await comparison.differing(["d-0", "d-2"], clock: store.clock).isEmpty)
        #expect(reads.withLock { $0 } == 3)
        #expect(pauses.withLock { $0.count } == 1)
    }
}
