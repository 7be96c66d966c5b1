import AWS
import EventStore
import Foundation
import StackDescription
import Synchronization
import TestSupport
import Testing

@testable import Orchestrator

@Suite(.localCloud) struct SearchIndexTests {
    private let stack = Stack(
        "orders", functions: .swiftProduct("F"), api: .http(domain: "api.orders.example"),
        commands: [.command("Place", on: .post("/orders"))],
        readModels: [
            .index(
                "order-search", projectedBy: "OrderSearch", mapping: [.text("name"), .text("lines.sku"), .keyword("lines.kind")],
                serves: [.search("/orders", searching: ["name"], filteredBy: ["lines.kind"], pageSize: 7)])
        ], search: .openSearch(endpoint: "https://search-orders-abc.eu-west-1.es.amazonaws.com"))

    private func cloud(_ endpoint: String?, search: String? = nil) throws -> Cloud {
        let configuration = AWSConfiguration(
            region: "eu-west-1", credentials: StaticCredentials(accessKeyId: "test", secretAccessKey: "test"),
            endpoints: EndpointResolver(forAll: try endpoint.map { try Endpoint($0) }))
        return Cloud(
            client: AWSClient(configuration, transport: AsyncHTTPTransport.shared), account: "123456789012",
            searchOverride: try search.map { try Endpoint($0) })
    }

    @Test func `a mapping names each field at its path, and ours, and no other is indexed`() {
        #expect(
            String(decoding: SearchIndex.mappings(stack.readModels[0].mapping ?? []).bytes, as: UTF8.self)
                == #"{"dynamic":false,"properties":{"_deleted":{"type":"boolean"},"id":{"type":"keyword"},"#
                + #""lines":{"properties":{"kind":{"ignore_above":8191,"type":"keyword"},"sku":{"type":"text"}}},"name":{"type":"text"}}}"#)
    }

    @Test func `the functions of an index get its name and endpoint, and may do on it what they do`() throws {
        let cloud = try cloud(nil)
        let blueprint = Blueprint(stack: stack, release: "r2", counterpart: nil)
        let resources = blueprint.resources(in: cloud, artifact: nil)
        #expect(resources.map(\.id).contains("index orders-r2-order-search"))
        #expect(!resources.map(\.id).contains("table orders-r2-order-search"))
        let projector = try #require(resources.compactMap { $0 as? Function }.first { $0.definition.name == "orders-r2-order-search" })
        #expect(projector.definition.environment["IMMUTABLE_READ_MODEL_INDEX"] == "orders-r2-order-search")
        #expect(projector.definition.environment["IMMUTABLE_SEARCH_ENDPOINT"] == "https://search-orders-abc.eu-west-1.es.amazonaws.com/")
        #expect(projector.dependencies.contains("index orders-r2-order-search"))
        let query = try #require(resources.compactMap { $0 as? Function }.first { $0.definition.name == "orders-r2-order-search-query" })
        #expect(
            query.definition.environment["IMMUTABLE_ROUTES"]
                == #"[{"route":"GET /orders","search":{"fields":["name"],"filters":{"lines.kind":"keyword"},"pageSize":7,"sorts":[]}}]"#)
        let roles = resources.compactMap { $0 as? Role }
        let arn = "arn:aws:es:eu-west-1:123456789012:domain/orders/orders-r2-order-search"
        #expect(roles.first { $0.name == "orders-r2-order-search" }?.policy.contains(#"["\#(arn)/_mget","\#(arn)/_bulk"]"#) == true)
        #expect(roles.first { $0.name == "orders-r2-order-search-query" }?.policy.contains(#"["\#(arn)/_search"]"#) == true)
    }

    @Test func `a local cloud never leads to a domain on AWS`() throws {
        #expect(try cloud("http://127.0.0.1:4566").searchEndpoint(of: stack) == nil)
        #expect(throws: NoSearchEndpoint.self) { try cloud("http://127.0.0.1:4566").openSearch(of: stack) }
        #expect(
            try cloud("http://127.0.0.1:4566", search: "http://127.0.0.1:9200").searchEndpoint(of: stack)?.authority == "127.0.0.1:9200")
        #expect(try cloud(nil).searchEndpoint(of: stack)?.authority == "search-orders-abc.eu-west-1.es.amazonaws.com")
    }

    @Test func `an index is created once, and removed once`() async throws {
        let local = try await TestCloud.endpoint()
        let cloud = try cloud(local.endpoint, search: local.searchEndpoint)
        let index = SearchIndex(name: "s\(UUID().uuidString.prefix(8).lowercased())-r1-m", model: stack.readModels[0], stack: stack)
        #expect(try await index.state(in: cloud) == .absent)
        for _ in 0..<2 { try await index.create(in: cloud) }
        #expect(try await index.state(in: cloud) == .ready)
        for _ in 0..<2 { try await index.delete(in: cloud) }
        #expect(try await index.state(in: cloud) == .absent)
    }

    @Test func `an emptied index has its mapping, no document, and no memory of their versions`() async throws {
        let local = try await TestCloud.endpoint()
        let cloud = try cloud(local.endpoint, search: local.searchEndpoint)
        let openSearch = try cloud.openSearch(of: stack)
        let index = SearchIndex(name: "s\(UUID().uuidString.prefix(8).lowercased())-r1-m", model: stack.readModels[0], stack: stack)
        try await index.create(in: cloud)
        let mappings = try await openSearch.mappings(of: index.name)
        func write(_ version: Int) async throws -> [OpenSearch.Outcome] {
            let document = IndexedDocument(id: "o-1", version: version, fields: ["name": "Ada"], event: "o-1@\(version)")
            return try await openSearch.write([document.stored], to: index.name)
        }
        #expect(try await write(7) == [.written])
        #expect(try await write(3) == [.superseded])
        try await index.empty(in: cloud)
        #expect(try await openSearch.documents(index.name, ids: ["o-1"]).isEmpty)
        #expect(try await openSearch.mappings(of: index.name) == mappings)
        #expect(try await write(3) == [.written])
        try await index.delete(in: cloud)
        try await index.empty(in: cloud)
        #expect(try await index.state(in: cloud) == .ready)
        try await index.delete(in: cloud)
    }

    /// Loses each first answer to a change of aliases, after it was carried out.
    private final class LosingTransport: HTTPTransport {
        private let hasLost = Mutex(false)

        func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
            let answer = try await AsyncHTTPTransport.shared.send(request, timeout: timeout)
            guard request.url.hasSuffix("/_aliases") else { return answer }
            let isFirst = hasLost.withLock { lost in
                lost.toggle()
                return lost
            }
            if isFirst { throw TransportError(.connectionLost, "lost") }
            return answer
        }
    }

    @Test func `an alias follows the live release, though the answer to its move be lost, and someone else's is left alone`() async throws {
        let local = try await TestCloud.endpoint()
        let configuration = AWSConfiguration(
            region: "eu-west-1", credentials: StaticCredentials(accessKeyId: "test", secretAccessKey: "test"),
            endpoints: EndpointResolver(forAll: try Endpoint(local.endpoint)))
        let cloud = Cloud(
            client: AWSClient(configuration, transport: LosingTransport()), account: "1",
            searchOverride: try Endpoint(try #require(local.searchEndpoint)))
        let unique = UUID().uuidString.prefix(8).lowercased()
        var stack = stack
        stack.name = "s\(unique)"
        let alias = "find-\(unique)"
        stack.readModels[0].alias = alias
        let releases = ["r1", "r2"].map {
            ReleaseRecord(
                stack: stack.name, release: $0, state: .candidate, phase: .ready, manifest: stack, fingerprint: "", artifact: "debug",
                createdAt: "")
        }
        let openSearch = try cloud.openSearch(of: stack)
        let indexes = releases.map { $0.names.readModel("order-search") } + ["other-\(unique)"]
        for index in indexes { try await openSearch.createIndex(index, mappings: SearchIndex.mappings([])) }
        let aliases = IndexAliases(cloud: cloud)
        for release in [releases[0], releases[1], releases[1], releases[0]] {
            try await aliases.route(to: release)
            #expect(try await openSearch.indexes(of: alias) == [release.names.readModel("order-search")])
        }
        do { try await openSearch.moveAlias(alias, from: [indexes[0]], to: indexes[2]) } catch let error as AWSError where error.isNotFound
        {}
        await #expect(throws: ForeignAlias.self) { try await aliases.route(to: releases[1]) }
        for index in indexes { try await openSearch.deleteIndex(index) }
    }
}

@Suite(.localCloud) struct IndexComparisonTests {
    /// Documents by number; those of `changed` have another total.
    private func fill(_ search: OpenSearch, _ name: String, _ numbers: some Sequence<Int>, changed: Set<Int> = [], removed: Set<Int> = [])
        async throws
    {
        try await search.createIndex(name, mappings: SearchIndex.mappings([.number("total")]))
        let documents = numbers.map { number in
            IndexedDocument(
                id: "d-\(number)", version: number + 1,
                fields: removed.contains(number) ? nil : ["total": .string(changed.contains(number) ? "2" : "1")],
                event: "d-\(number)@\(number + 1)")
        }
        _ = try await search.write(documents.map(\.stored), to: name)
    }

    @Test func `ten documents of many that differ are found, and no other; what both have taken away is none`() async throws {
        let search = try await TestSearch.openSearch()
        let unique = UUID().uuidString.prefix(8).lowercased()
        let (live, candidate) = ("live-\(unique)", "candidate-\(unique)")
        try await fill(search, live, 0..<2_500, removed: [2_000, 2_001])
        // Changed: 0…3. Missing: 4, 5; taken away: 6. Only there: 2500, 2501, and 2000, which the live one has taken away.
        try await fill(search, candidate, (0..<2_502).filter { ![4, 5].contains($0) }, changed: [0, 1, 2, 3], removed: [6, 2_001])
        func comparison(_ live: any DocumentSource, _ candidate: any DocumentSource) -> ReadModelComparison {
            ReadModelComparison(name: "m", live: live, candidate: candidate, diff: DocumentDiff(), mapping: nil, sink: { _ in })
        }
        let (left, right) = (IndexDocuments(openSearch: search, index: live), IndexDocuments(openSearch: search, index: candidate))
        let look = try await comparison(left, right).firstLook()
        let planted = [0, 1, 2, 3, 4, 5, 6, 2_000, 2_500, 2_501]
        #expect(look.total == 2_501 && look.suspects.count == 10 && Set(look.suspects) == Set(planted.map { "d-\($0)" }))
        let sighted = try await comparison(left, right).sight(["d-1", "d-6", "d-2001"])
        #expect(sighted["d-1"]?.expected?["total"] == "1" && sighted["d-1"]?.candidate?["total"] == "2")
        #expect(sighted["d-6"]?.livePosition == .init(revision: 7, event: "d-6@7") && sighted["d-6"]?.candidate == nil)
        #expect(sighted["d-2001"]?.expected == nil && sighted["d-2001"]?.candidate == nil)

        // A read model may have been a table, and be an index now.
        let store = try await StoreFixture.make()
        let table = store.names.release("r1").readModel("m")
        try await store.dynamo.createTable(.init(name: table, hashKey: .string("id")))
        try await store.dynamo.batchPut(
            table, (0..<2_502).filter { ![4, 5].contains($0) }.map { ["id": .s("d-\($0)"), "total": .s("2")] })
        let mixed = try await comparison(TableDocuments(dynamo: store.dynamo, table: table), right).firstLook()
        #expect(mixed.total == 2_500 && mixed.suspects.count == 2_496)
        try await search.deleteIndex(live)
        try await search.deleteIndex(candidate)
    }
}
