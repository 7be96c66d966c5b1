import AWS
import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// A search index from the manifest to its removal. A minute.
    @Suite struct SearchTests {
        private struct Page: Decodable {
            struct Document: Decodable {
                var id: String
                var status: String
                var customerName: String
            }
            var total: Int
            var page: Int
            var pageSize: Int
            var documents: [Document]

            var ids: [String] { documents.map(\.id) }
        }

        private struct Report: Decodable {
            struct ReadModel: Decodable {
                struct Difference: Decodable, Equatable {
                    var document: String
                    var field: String
                }
                var name: String
                var verdict: String
                var documents: Int
                var differences: [Difference]
            }
            var readModels: [ReadModel]
        }

        /// What a comparison of the releases tells of the index.
        private func verify(_ cloud: Cloud, ending status: Int32) async throws -> Report.ReadModel {
            let end = try await cloud.immutable("verify", "orders", "--format", "json", ending: status)
            let report = try JSONDecoder().decode(Report.self, from: Data(end.output.utf8))
            return try #require(report.readModels.first { $0.name == "order-search" }, "\(end)")
        }

        private func search(_ cloud: Cloud, _ query: String) async throws -> HTTPResponse {
            try await cloud.send("GET", "/orders\(query)", to: Cloud.ordersDomain)
        }

        private func page(_ cloud: Cloud, _ query: String, sourceLocation: SourceLocation = #_sourceLocation) async throws -> Page {
            let answer = try await search(cloud, query)
            try #require(answer.statusCode == 200, "\(answer.text)", sourceLocation: sourceLocation)
            return try JSONDecoder().decode(Page.self, from: Data(answer.body))
        }

        @Test func `orders placed before and after the cutover are found by customer and line, filtered, sorted and paged`() async throws {
            try await Cloud.running { cloud in
                try await cloud.deploy("orders")
                try await cloud.place("s-1", name: "Ada Lovelace", sku: "blue-keyboard", quantity: 1, price: "9.50")
                try await cloud.place("s-2", name: "Grace Hopper", sku: "red-keyboard", quantity: 1, price: "100.00")
                try await cloud.place("s-3", name: "Ada Byron", sku: "blue-mouse", quantity: 1, price: "20.00")
                #expect(try await search(cloud, "?q=ada").statusCode == 404)

                let plan = try await cloud.immutable(["plan", Products.stack("orders-v2"), "--products", Products.path(Products.directory)])
                for line in ["+ read model order-search  a search index, projected by OrderSearch", "+ query GET /orders\n", "1 index\n"] {
                    #expect(plan.output.contains(line), "\(plan.output)")
                }
                try await cloud.deploy("orders-v2")
                try await cloud.immutable("cutover", "orders", "--yes")

                // The replay filled the index; a search sees it at most a second later.
                try await until("the replayed orders are found", within: .seconds(60)) { try await page(cloud, "").total == 3 }
                #expect(try await page(cloud, "").ids == ["s-1", "s-2", "s-3"])
                #expect(try await page(cloud, "?q=ADA").ids.sorted() == ["s-1", "s-3"])
                #expect(try await page(cloud, "?q=keyboard+ada").ids == ["s-1"])
                #expect(try await page(cloud, "?q=s-2%40example.org").ids == ["s-2"])
                #expect(try await page(cloud, "?sort=-total").ids == ["s-2", "s-3", "s-1"])
                #expect(try await page(cloud, "?sort=placedAt&q=blue").ids == ["s-1", "s-3"])
                #expect(try await page(cloud, "?page=2").documents.isEmpty)

                try await cloud.place("s-4", name: "Ada King", sku: "green-keyboard", quantity: 1, price: "1.00")
                let paid = try await cloud.send("POST", "/orders/s-4/payment", to: Cloud.ordersDomain, key: "pay", #"{"amount":"1.00"}"#)
                #expect(paid.statusCode == 200, "\(paid.text)")
                try await until("the new order is found as paid", within: .seconds(60)) {
                    try await page(cloud, "?q=ada+keyboard&status=paid").ids == ["s-4"]
                }
                #expect(try await page(cloud, "?status=placed").total == 3)

                for (query, field) in [("?statsu=paid", "statsu"), ("?page=0", "page"), ("?sort=customerName", "sort")] {
                    let answer = try await search(cloud, query)
                    #expect(answer.statusCode == 400 && answer.text.contains(#""field":"\#(field)""#), "\(query): \(answer.text)")
                }

                let refused = try await cloud.immutable(["rebuild", "orders", "order-search", "--yes"], ending: 1)
                #expect(refused.errors.contains("'order-search' of r2 of stack 'orders' is a search index"), "\(refused)")

                let openSearch = OpenSearch(
                    AWSClient(
                        AWSConfiguration(
                            region: cloud.instance.region, credentials: StaticCredentials(accessKeyId: "test", secretAccessKey: "test")),
                        transport: AsyncHTTPTransport.shared), endpoint: try Endpoint(try #require(cloud.instance.searchEndpoint)))
                #expect(try await openSearch.indexes(of: "orders") == ["orders-r2-order-search"])

                // The next release has the index from the start: both sides' are compared.
                try await cloud.immutable("retire", "orders", "r1", "--yes")
                try await cloud.immutable(["deploy", try cloud.settledOrders(), "--products", Products.path(Products.directory)])
                let equal = try await verify(cloud, ending: 0)
                #expect(equal.verdict == "matched" && equal.documents == 4 && equal.differences.isEmpty, "\(equal)")
                var order = try #require(try await openSearch.documents("orders-r3-order-search", ids: ["s-2"])["s-2"])
                var fields = try #require(order.source.object)
                fields["customerName"] = "Grace Hooper"
                order.source = .object(fields)
                order.version = (order.version ?? 0) + 1
                #expect(try await openSearch.write([order], to: "orders-r3-order-search") == [.written])
                let differing = try await verify(cloud, ending: 3)
                #expect(differing.verdict == "mismatched" && differing.differences == [.init(document: "s-2", field: "customerName")])

                try await cloud.immutable("destroy", "orders", "--yes")
                for index in ["orders-r2-order-search", "orders-r3-order-search"] {
                    #expect(try await openSearch.mappings(of: index) == nil)
                }
            }
        }
    }
}
