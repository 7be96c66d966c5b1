import AWS
import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// What a cutover compares after a comparison of everything: what was touched since, and nothing else. Half a minute.
    @Suite struct RecheckTests {
        private struct Receipt: Decodable {
            struct Recheck: Decodable {
                var documents: Int
                var milliseconds: Double
                var budgetMilliseconds: Double
                var verdict: String
            }
            struct Guardrail: Decodable {
                var name: String
                var holds: Bool
                var figure: String
            }
            var parity: String?
            var documents: Int?
            var steps: [String: Double]
            var recheck: Recheck?
            var guardrails: [Guardrail]
        }

        private static let table = "orders-r2-order-summary"

        private static func damage(_ cloud: Cloud, _ id: String, total: String) async throws {
            try await cloud.dynamo.write(.update(table, ["id": .s(id)], "SET #total = :total", values: [":total": .s(total)]))
        }

        @Test func `a cutover compares again what was touched since the last comparison, and all of it where it is told to`() async throws {
            try await Cloud.running { cloud in
                try await cloud.deploy("orders")
                for id in ["rest-1", "rest-2", "touched-1"] { try await cloud.place(id) }
                try await cloud.deploy("orders-v2")
                try await until("all is projected") { try await cloud.items(Self.table).count == 3 }

                // One that nothing touches any more, and one that is touched after it was damaged.
                try await Self.damage(cloud, "rest-1", total: "1.00")
                try await Self.damage(cloud, "touched-1", total: "2.00")
                let paid = try await cloud.send("POST", "/orders/touched-1/payment", to: Cloud.ordersDomain, #"{"amount":"19.80"}"#)
                #expect((200..<300).contains(paid.statusCode), "\(paid.text)")
                try await cloud.place("touched-2")
                let refused = try await cloud.immutable("cutover", "orders", "--yes", ending: 3)
                #expect(refused.errors.contains("touched-1  total: 19.80 (live), 2.00 (candidate)"), "\(refused)")
                #expect(
                    refused.errors.contains("what was touched since is compared again") && !refused.errors.contains("rest-1"), "\(refused)")
                let whole = try await cloud.immutable("cutover", "orders", "--yes", "--compare-all", ending: 3)
                #expect(whole.errors.contains("rest-1  total: 19.80 (live), 1.00 (candidate)"), "\(whole)")

                // A comparison that found something is nothing to build on: the next cutover compares everything by itself.
                try await Self.damage(cloud, "touched-1", total: "19.80")
                let again = try await cloud.immutable("cutover", "orders", "--yes", ending: 3)
                #expect(again.errors.contains("rest-1  total") && !again.errors.contains("touched-1  total"), "\(again)")
                try await Self.damage(cloud, "rest-1", total: "19.80")
                try await cloud.immutable("verify", "orders")

                let none = ["--recheck-budget", "0", "--require-recheck"]
                let tight = try await cloud.immutable(["cutover", "orders", "--yes"] + none, ending: 6)
                #expect(tight.errors.contains("✗  recheck: "), "\(tight)")

                var orders = OrdersTraffic(cloud)
                let (traffic, _) = try orders.start(clients: 4, seed: 11, think: .milliseconds(120))
                let done = try await cloud.immutable(["cutover", "orders", "--yes", "--recheck-budget", "3000", "--format", "json"])
                let figures = await traffic.stop()
                #expect(figures.counts.failed == 0, "\(figures.failures)")
                #expect(done.errors.contains("what was touched since is compared again"))
                let receipt = try JSONDecoder().decode(Receipt.self, from: Data(done.output.utf8))
                #expect(
                    receipt.parity == "matched" && receipt.recheck?.verdict == "matched" && receipt.recheck?.budgetMilliseconds == 3_000)
                #expect(receipt.guardrails.first { $0.name == "recheck" }?.holds == true)
                print("in the pause: \(receipt.recheck.map { "\($0)" } ?? "nothing"), \(receipt.steps)")
                // The journal is the candidate's: with the handover it is over.
                let left = try await cloud.items("orders-ledger").filter { $0["shard"]?.string?.hasPrefix("touched/") == true }
                #expect(left.isEmpty)
            }
        }
    }
}
