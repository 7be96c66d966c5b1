import Foundation
import Testing

extension EndToEnd {
    /// A read model is new once. From then on it is compared, also one whose documents many streams touch under traffic. A minute.
    @Suite struct NoLongerNewTests {
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

        @Test func `a read model that was new in the release before is compared in the next one, while clients write`() async throws {
            try await Cloud.running { cloud in
                try await cloud.deploy("orders")
                var orders = OrdersTraffic(cloud)
                let (traffic, _) = try orders.start(clients: 4, seed: 5, think: .milliseconds(150))
                try await cloud.deploy("orders-v2")
                try await cloud.immutable("cutover", "orders", "--yes")
                let receipt = try await cloud.immutable("history", "orders", "--format", "json").output
                #expect(receipt.contains(#""revenue-by-day" : "new in r2""#), "\(receipt)")
                try await cloud.immutable("retire", "orders", "--yes")

                // The live release has the new schema already, so nothing is to be transformed.
                let folder = cloud.scratch.appending(path: "orders-v2")
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                let manifest = try String(contentsOfFile: Products.stack("orders-v2") + "/Stack.swift", encoding: .utf8)
                let lines = manifest.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.contains("transform:") }
                try lines.joined(separator: "\n").write(to: folder.appending(path: "Stack.swift"), atomically: true, encoding: .utf8)
                let next = try await cloud.immutable(
                    "deploy", Products.path(folder), "--products", Products.path(Products.directory), "--format", "json")
                let parity = try JSONDecoder().decode(Report.self, from: Data(next.output.utf8)).parity
                let revenue = try #require(parity.readModels.first { $0.name == "revenue-by-day" })
                #expect(parity.verdict == "matched" && !revenue.unchecked && revenue.documents > 0, "\(parity)")
                #expect(revenue.expectation == "exact (no longer new: r2 has it)")
                // Index and index, at the same positions.
                let search = try #require(parity.readModels.first { $0.name == "order-search" })
                #expect(!search.unchecked && search.documents > 0 && search.expectation == revenue.expectation)
                #expect(await traffic.stop().counts.failed == 0)
            }
        }
    }
}
