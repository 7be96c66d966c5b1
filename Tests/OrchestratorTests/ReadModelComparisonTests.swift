import AWS
import EventSourcing
import EventStore
import TestSupport
import Testing

@testable import Orchestrator

@Suite struct ReadModelComparisonTests {
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
}
