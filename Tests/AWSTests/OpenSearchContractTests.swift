import AWS
import Foundation
import TestSupport
import Testing

/// What index read models rest on, asked of the local cloud's search server or, where `OPENSEARCH_URL` is set, of a real OpenSearch.
@Suite(.localCloud) struct OpenSearchContractTests {
    private static let mappings: JSON = [
        "dynamic": false,
        "properties": [
            "id": ["type": "keyword"], "name": ["type": "text"], "status": ["type": "keyword", "ignore_above": 8191],
            "total": ["type": "double"], "placed": ["type": "date"], "_deleted": ["type": "boolean"],
            "lines": ["properties": ["sku": ["type": "text"]]],
        ],
    ]

    private func with(_ body: (OpenSearch, String) async throws -> Void) async throws {
        let search = try await TestSearch.openSearch()
        let index = CloudFixture.uniqueName("contract")
        try await search.createIndex(index, mappings: Self.mappings)
        do {
            try await body(search, index)
        } catch {
            try? await search.deleteIndex(index)
            throw error
        }
        try await search.deleteIndex(index)
        #expect(try await search.mappings(of: index) == nil)
    }

    private func document(_ id: String, _ version: Int, _ fields: [String: JSON] = [:]) -> OpenSearch.Document {
        .init(id: id, version: version, source: .object(fields.merging(["id": .string(id)]) { $1 }))
    }

    @Test func `an index is created once, and removed once`() async throws {
        try await with { search, index in
            #expect(try await search.mappings(of: index)?["properties"]["total"]["type"].string == "double")
            let again = try await #require(throws: AWSError.self) { try await search.createIndex(index, mappings: Self.mappings) }
            #expect(again.isAlreadyExists)
            let other = try await #require(throws: AWSError.self) { try await search.deleteIndex(index + "-other") }
            #expect(other.isNotFound)
            await #expect(throws: AWSError.self) { try await search.documents(index + "-other", ids: ["a"]) }
        }
    }

    @Test func `an alias moves from index to index in one step`() async throws {
        try await with { search, index in
            let (alias, other) = (index + "-alias", index + "-other")
            try await search.createIndex(other, mappings: Self.mappings)
            #expect(try await search.indexes(of: alias) == [])
            try await search.moveAlias(alias, from: [], to: index)
            #expect(try await search.indexes(of: alias) == [index])
            try await search.moveAlias(alias, from: [index], to: other)
            #expect(try await search.indexes(of: alias) == [other])
            try await search.deleteIndex(other)
            #expect(try await search.indexes(of: alias) == [])
        }
    }

    @Test func `of two versions the higher stays, in whatever order they come, and is read at once`() async throws {
        try await with { search, index in
            #expect(try await search.write([document("a", 4, ["name": "four"])], to: index) == [.written])
            #expect(
                try await search.write([document("a", 3, ["name": "three"]), document("a", 4), document("b", 1)], to: index)
                    == [.superseded, .superseded, .written])
            let found = try await search.documents(index, ids: ["a", "b", "c"])
            #expect(found["a"] == document("a", 4, ["name": "four"]))
            #expect(Set(found.keys) == ["a", "b"])
        }
    }

    @Test func `a document that doesn't fit the mapping is refused alone`() async throws {
        try await with { search, index in
            let outcomes = try await search.write(
                [document("a", 1, ["total": "much"]), document("b", 1, ["total": "9.50"]), document("c", 1, ["unmapped": ["x": 1]])],
                to: index)
            guard case .refused(let reason) = outcomes[0] else {
                Issue.record("\(outcomes)")
                return
            }
            #expect(reason.contains("total"))
            #expect(outcomes.dropFirst() == [.written, .written])
        }
    }

    @Test func `words, filters and order find what they should, without what is marked as removed`() async throws {
        try await with { search, index in
            _ = try await search.write(
                [
                    document("1", 1, ["name": "Ada Lovelace", "status": "paid", "total": "10.00", "lines": [["sku": "keyboard"]]]),
                    document("2", 1, ["name": "Ada Byron", "status": "paid", "total": "9.50"]),
                    document("3", 1, ["name": "Ada King", "status": "placed"]), document("4", 1, ["name": "Ada", "_deleted": true]),
                ], to: index)
            try await search.refresh(index)
            func ids(_ words: String?, _ status: String?, _ sort: JSON) async throws -> [String] {
                let match: JSON = [
                    "multi_match": [
                        "query": .string(words ?? ""), "fields": ["name", "lines.sku"], "type": "cross_fields", "operator": "and",
                    ]
                ]
                return try await search.search(
                    index,
                    [
                        "query": [
                            "bool": [
                                "must": words == nil ? [] : [match],
                                "filter": .array(status.map { [["term": ["status": .string($0)]]] } ?? []),
                                "must_not": [["term": ["_deleted": true]]],
                            ]
                        ], "sort": [sort, ["id": "asc"]],
                    ]
                ).documents.map(\.id)
            }
            #expect(try await ids("ada", nil, ["id": "asc"]) == ["1", "2", "3"])
            #expect(try await ids("KEYBOARD ada", nil, ["_score": "desc"]) == ["1"])
            #expect(try await ids("ada", "paid", ["total": ["order": "asc", "missing": "_last"]]) == ["2", "1"])
            #expect(try await ids(nil, nil, ["total": ["order": "desc", "missing": "_last"]]) == ["1", "2", "3"])
            #expect(try await ids("nobody", nil, ["id": "asc"]) == [])
        }
    }

    @Test func `an index is walked through in the order of ids, whole, while it changes`() async throws {
        try await with { search, index in
            let ids = ["a", "B", "ä", "z", "東", "🎉", "o-1", "o-10", "o-2"].sorted {
                Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8))
            }
            _ = try await search.write(ids.map { document($0, 1) }, to: index)
            try await search.refresh(index)
            var seen: [String] = []
            var body: [String: JSON] = ["sort": [["id": "asc"]], "size": 2, "version": true]
            while case let page = try await search.search(index, body), let last = page.last {
                #expect(page.total == ids.count)
                seen += page.documents.map(\.id)
                body["search_after"] = .array(last)
                _ = try await search.write(ids.map { document($0, seen.count + 1) }, to: index)
                try await search.refresh(index)
            }
            #expect(seen == ids)
            #expect(try await search.count(index) == ids.count)
        }
    }
}
