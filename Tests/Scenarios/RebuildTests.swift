import AWS
import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// A read model that is filled anew beside the one that serves, while clients read and write. A minute.
    @Suite struct RebuildTests {
        private struct Report: Decodable {
            struct Comparison: Decodable {
                struct Difference: Decodable {
                    var document: String
                    var field: String
                    var live: String?
                    var candidate: String?
                }
                var differing: Int
                var differences: [Difference]
            }
            var outcome: String
            var table: String
            var comparison: Comparison?
        }

        private static let base = "orders-r1-order-summary"
        private static func rebuild(_ cloud: Cloud, _ options: String..., ending status: Int32) async throws -> Report {
            let end = try await cloud.immutable(
                ["rebuild", "orders", "order-summary", "--format", "json"] + options, ending: status)
            return try JSONDecoder().decode(Report.self, from: Data(end.output.utf8))
        }

        private static func tables(_ cloud: Cloud) async throws -> [String] {
            var found: [String] = []
            for number in 0..<12 {
                let name = number == 0 ? base : "\(base).\(number)"
                if try await cloud.dynamo.describeTable(name) != nil { found.append(name) }
            }
            return found
        }

        @Test func `what the store makes is compared with what is served, passing by what a person passed by`() async throws {
            try await Cloud.running { cloud in
                try await cloud.deploy("orders")
                try await cloud.commit("r1", of: "orders", [Cloud.event("o-9", 1, "OrderPaid", #"{"amount":"9.50"}"#)])
                try await cloud.commit("r1", of: "orders", [Cloud.event("o-9", 2, "OrderPlaced", Cloud.placed)])
                try await cloud.immutable("audit", "orders", ending: 1)
                let stopped = try await cloud.immutable(["rebuild", "orders", "order-summary", "--dry-run"], ending: 1)
                #expect(stopped.errors.contains("the rebuild stops at event o-9@1 (id o-9-1-OrderPaid, type 'OrderPaid')"), "\(stopped)")
                let status = try await cloud.immutable("status", "orders").output
                #expect(
                    status.contains("order-summary of r1, filling: `immutable rebuild orders order-summary --release r1` goes on"),
                    "\(status)")
                #expect(try await Self.rebuild(cloud, "--abandon", ending: 0).outcome == "abandoned")
                #expect(try await Self.tables(cloud) == [Self.base])
                let options = ["--consumer", "projector/order-summary", "--stream", "o-9", "--reason", "a test"]
                try await cloud.immutable(["parked", "orders", "skip"] + options)
                let report = try await Self.rebuild(cloud, "--dry-run", ending: 0)
                #expect(report.outcome == "compared" && report.table == Self.base && report.comparison?.differing == 0)
                #expect(try await Self.tables(cloud) == [Self.base])
                try await cloud.immutable(["rebuild", "orders", "order-sumary", "--yes"], ending: 1)
                try await cloud.immutable(["rebuild", "orders", "order-summary"], ending: 64)
            }
        }

        @Test func `a damaged read model is filled anew under traffic, killed at every step, and no query goes wrong`() async throws {
            try await Cloud.running { cloud in
                try await cloud.deploy("orders")
                let dynamo = try cloud.dynamo
                for order in ["o-1", "o-2", "o-3"] {
                    try await cloud.commit("r1", of: "orders", [Cloud.event(order, 1, "OrderPlaced", Cloud.placed)])
                }
                try await until("the orders are projected") { try await cloud.items(Self.base).count == 3 }
                try await dynamo.write(.update(Self.base, ["id": .s("o-1")], "SET #total = :new", values: [":new": .s("1")]))
                try await dynamo.write(.delete(Self.base, ["id": .s("o-2")]))
                try await dynamo.write(.put(Self.base, ["id": .s("phantom"), "orderId": .s("phantom"), "_revision": .int(1)]))
                let looked = try await Self.rebuild(cloud, "--dry-run", ending: 3)
                let differences = try #require(looked.comparison).differences
                #expect(
                    Dictionary(differences.map { ($0.document, $0.field) }) { $1 } == [
                        "o-1": "total", "o-2": "(document)", "phantom": "(document)",
                    ])
                #expect(differences.first { $0.document == "o-1" }?.candidate == "9.50" && looked.outcome == "compared")

                var orders = OrdersTraffic(cloud)
                let (traffic, journal) = try orders.start(clients: 4, seed: 5, think: .milliseconds(150))
                var struck: Set<String> = []
                for step in ["rebuild order-summary", "fill ", "compare:", "swap:", "remove "] {
                    let child = try cloud.start(["rebuild", "orders", "order-summary", "--yes"])
                    try await until("a line '\(step)' or the end", every: .milliseconds(1)) {
                        child.errors.split(separator: "\n").contains { $0.hasPrefix(step) } || !child.isRunning
                    }
                    child.kill()
                    if try await child.end().status == 128 + SIGKILL { struck.insert(step) }
                }
                // The others may be over before the kill.
                #expect(struck.isSuperset(of: ["rebuild order-summary", "fill ", "swap:"]), "\(struck)")
                let report = try await Self.rebuild(cloud, "--yes", ending: 0)
                #expect(report.outcome == "swapped" && report.table != Self.base)
                try await journal.waitForWrites(after: Date(), clients: 4)
                let figures = await traffic.stop()
                #expect(figures.counts.failed == 0, "\(figures.failures)")

                #expect(try await Self.tables(cloud) == [report.table])
                #expect(try await cloud.send("GET", "/orders/o-1", to: Cloud.ordersDomain).text.contains(#""total":"9.50""#))
                #expect(try await cloud.send("GET", "/orders/o-2", to: Cloud.ordersDomain).statusCode == 200)
                #expect(try await cloud.send("GET", "/orders/phantom", to: Cloud.ordersDomain).statusCode == 404)
                let cursors = try await cloud.items("orders-r1-cursors").compactMap { $0["consumer"]?.string }
                #expect(!cursors.contains { $0.hasPrefix("projector/order-summary/") })
                try await cloud.immutable("audit", "orders")
                #expect(try await Self.rebuild(cloud, "--dry-run", ending: 0).comparison?.differing == 0)

                // The next release is compared with the table that serves, and takes over; nothing of the old one is left.
                try await cloud.deploy("orders-v2")
                try await cloud.immutable("cutover", "orders", "--yes")
                try await cloud.immutable("retire", "orders", "--yes")
                #expect(try await Self.tables(cloud).isEmpty)
            }
        }
    }
}
