import AWS
import Foundation
import Testing

extension EndToEnd {
    /// The whole life of a stack, each step a process of its own, against a cloud that someone else started.
    /// A minute: it is the only test that goes there and back and there again under one unbroken traffic. Then once more: a read model is new once,
    /// and compared from then on, also one whose documents many streams touch under traffic.
    @Suite struct RunbookTests {
        private struct Report: Decodable {
            struct ReadModel: Decodable {
                var name: String
                var documents: Int
                var unchecked: Bool
                var expectation: String
                var reason: String?
            }
            struct Parity: Decodable {
                var verdict: String
                var readModels: [ReadModel]
            }
            var parity: Parity
        }

        @Test func `deploy, cut over, roll back, retire, cut over and deploy again lose nothing under traffic`() async throws {
            try await Cloud.running { cloud in
                try await cloud.deploy("orders")
                var orders = OrdersTraffic(cloud)
                let clients = 4
                let (traffic, journal) = try orders.start(clients: clients, seed: 1, think: .milliseconds(150))
                try await cloud.deploy("orders-v2")
                let first = try await Keyed.place(cloud)
                #expect(first.answer.statusCode == 201, "\(first.answer.text)")
                #expect(first.answer.headers["x-immutable-release"] == "r1")

                try await cloud.immutable("cutover", "orders", "--yes")
                try await first.expectSameAnswerAgain(cloud, release: "r2")
                try await journal.waitForWrites(after: Date(), clients: clients)

                try await cloud.immutable("rollback", "orders", "--yes")
                try await first.expectSameAnswerAgain(cloud, release: "r1")
                try await journal.waitForWrites(after: Date(), clients: clients)
                try await cloud.immutable("retire", "orders", "--yes")

                try await cloud.deploy("orders-v2")
                try await cloud.immutable("cutover", "orders", "--yes")
                try await first.expectSameAnswerAgain(cloud, release: "r3")
                try await journal.waitForWrites(after: Date(), clients: clients)
                let receipt = try await cloud.immutable("history", "orders", "--format", "json").output
                #expect(receipt.contains(#""revenue-by-day" : "new in r3""#), "\(receipt)")
                try await cloud.immutable("retire", "orders", "r1", "--yes")

                let next = try await cloud.immutable(
                    "deploy", try cloud.settledOrders(), "--products", Products.path(Products.directory), "--format", "json")
                try Self.expectCompared(next, "exact (no longer new: r3 has it)")

                let report = await traffic.stop()
                #expect(report.counts.failed == 0, "\(report.failures)")
                try await orders.audit("r3")
                print("runbook: \(report.counts.sent) requests, \(report.counts.acknowledged) writes acknowledged, none failed")
            }
        }

        private static func expectCompared(_ deployed: Child.End, _ expectation: String) throws {
            let parity = try JSONDecoder().decode(Report.self, from: Data(deployed.output.utf8)).parity
            #expect(parity.verdict == "matched", "\(parity)")
            // A table, and an index and an index at the same positions.
            for name in ["revenue-by-day", "order-search"] {
                let model = try #require(parity.readModels.first { $0.name == name })
                #expect(!model.unchecked && model.documents > 0 && model.expectation == expectation, "\(model)")
            }
        }
    }

    /// An order placed with an idempotency key, and what came back.
    struct Keyed {
        static let path = "/orders"
        static let key = "runbook-key-1"
        static func body(name: String) -> String {
            """
            {"orderId":"runbook-1","customer":{"name":"\(name)","email":"ada@example.org"},\
            "lines":[{"sku":"sku-1","quantity":2,"unitPrice":"9.90"}]}
            """
        }

        var answer: HTTPResponse

        static func place(_ cloud: Cloud) async throws -> Keyed {
            Keyed(answer: try await cloud.send("POST", path, to: Cloud.ordersDomain, key: key, body(name: "Ada Lovelace")))
        }

        /// A repeat is answered as the first time, and the same key with another body is refused, whichever release answers.
        func expectSameAnswerAgain(_ cloud: Cloud, release: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
            let again = try await Self.place(cloud).answer
            #expect(again.headers["x-immutable-release"] == release, sourceLocation: sourceLocation)
            #expect(again.statusCode == answer.statusCode && again.body == answer.body, "\(again.text)", sourceLocation: sourceLocation)
            let other = try await cloud.send("POST", Self.path, to: Cloud.ordersDomain, key: Self.key, Self.body(name: "Grace Hopper"))
            #expect(other.statusCode == 422, "\(other.text)", sourceLocation: sourceLocation)
        }
    }
}
