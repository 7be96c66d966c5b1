import AWS
import EventSourcing
import EventStore
import Foundation
import TestSupport
import Testing

@testable import StackRuntime

@Suite struct SearchRequestTests {
    private let route = SearchRoute(
        fields: ["name", "lines.sku"], filters: ["status": .keyword, "total": .number, "open": .boolean], sorts: ["placed", "total"],
        pageSize: 20)

    private func problem(_ query: String) -> SearchRequest.BadParameter? {
        do {
            _ = try SearchRequest(query, on: route)
            return nil
        } catch {
            return error
        }
    }

    @Test func `every parameter has its part of the search`() throws {
        let request = try SearchRequest("q=ada+l%C3%B6we&status=paid&total=9.50&open=true&sort=-placed&page=3", on: route)
        #expect(request.page == 3)
        #expect(
            String(decoding: JSON.object(request.body).bytes, as: UTF8.self)
                == #"{"from":40,"query":{"bool":{"filter":[{"term":{"open":true}},{"term":{"status":"paid"}},{"term":{"total":"9.50"}}],"#
                + #""must":[{"multi_match":{"fields":["name","lines.sku"],"operator":"and","query":"ada löwe","type":"cross_fields"}}],"#
                + #""must_not":[{"term":{"_deleted":true}}]}},"size":20,"sort":[{"placed":{"missing":"_last","order":"desc"}},{"id":"asc"}]}"#
        )
    }

    @Test func `without a sort the best match comes first, and without words the first id`() throws {
        #expect(try SearchRequest("q=ada", on: route).body["sort"] == [["_score": "desc"], ["id": "asc"]])
        #expect(try SearchRequest("", on: route).body["sort"] == [["id": "asc"]])
        #expect(try SearchRequest("", on: route).page == 1)
    }

    @Test func `a parameter that is left empty is none`() throws {
        #expect(try SearchRequest("q=&status=&page=&sort", on: route) == SearchRequest("", on: route))
    }

    @Test(arguments: [
        ("statsu=paid", "statsu"), ("page=0", "page"), ("page=-1", "page"), ("page=x", "page"), ("page=501", "page"), ("sort=name", "sort"),
        ("sort=--total", "sort"), ("total=abc", "total"), ("total=nan", "total"), ("total=1e999", "total"), ("open=yes", "open"),
        ("status=a&status=b", "status"), ("q=%zz", "q"), ("q=%ff", "q"), ("q=" + String(repeating: "x", count: 501), "q"),
    ])
    func `a bad parameter is named`(query: String, name: String) {
        #expect(problem(query)?.name == name)
    }

    @Test func `the last page that can be reached is accepted`() {
        #expect(problem("page=500") == nil)
    }

    @Test func `a search that offers no words has no parameter for them`() {
        #expect(throws: SearchRequest.BadParameter.self) {
            try SearchRequest("q=a", on: SearchRoute(fields: [], filters: [:], sorts: [], pageSize: 20))
        }
    }

    @Test func `each search that can be asked for is one that the search server takes`() async throws {
        let search = try await TestSearch.openSearch()
        let index = "requests-\(UUID().uuidString.prefix(8).lowercased())"
        try await search.createIndex(
            index,
            mappings: [
                "dynamic": false,
                "properties": [
                    "id": ["type": "keyword"], "_deleted": ["type": "boolean"], "name": ["type": "text"], "placed": ["type": "date"],
                    "lines": ["properties": ["sku": ["type": "text"]]], "status": ["type": "keyword", "ignore_above": 8191],
                    "total": ["type": "double"], "open": ["type": "boolean"],
                ],
            ])
        let documents = (1...45).map { number in
            IndexedDocument(
                id: String(format: "o-%02d", number), version: number,
                fields: number == 45
                    ? nil
                    : [
                        "name": .string("Ada Lovelace"), "status": .string(number % 2 == 0 ? "paid" : "placed"),
                        "total": .string("\(number).50"), "placed": .string("2026-01-01T00:00:\(String(format: "%02d", number)).123456Z"),
                        "open": .bool(number < 3), "lines": .list([["sku": .string("sku-\(number)")]]),
                    ], event: "o-\(number)@\(number)")
        }
        #expect(try await DomainIndex(openSearch: search, name: index).keep(documents).isEmpty)
        try await search.refresh(index)
        func found(_ query: String) async throws -> (total: Int, ids: [String]) {
            let page = try await search.search(index, try SearchRequest(query, on: route).body)
            return (page.total, page.documents.map(\.id))
        }
        let all = try await found("")
        #expect(all.total == 44 && all.ids == (1...20).map { String(format: "o-%02d", $0) })
        #expect(try await found("page=3").ids == ["o-41", "o-42", "o-43", "o-44"])
        #expect(try await found("page=4").ids == [])
        #expect(try await found("q=lovelace+sku-7").ids == ["o-07"])
        #expect(try await found("q=ada&status=paid&sort=-total").ids.first == "o-44")
        #expect(try await found("sort=placed&q=Ada").ids.first == "o-01")
        #expect(try await found("total=9.5").ids == ["o-09"])
        #expect(try await found("open=true").total == 2)
        #expect(try await found("q=%22%29%20OR%20*%3A*").total == 0)
        try await search.deleteIndex(index)
    }
}
