import AWS
import Foundation
import Testing

extension EndToEnd {
    /// Commands that are run once more, or where nobody can answer. Half a minute.
    @Suite struct HandoverAgainTests {
        @Test func `a question without a terminal is refused before anything is compared, and a handover asked for twice is done once`()
            async throws
        {
            try await Cloud.running { cloud in
                try await cloud.deploy("orders")
                try await cloud.deploy("orders-v2")
                let refused = try await cloud.immutable("cutover", "orders", ending: 64)
                #expect(!refused.errors.contains("verify:") && !refused.errors.contains("guardrails:"), "\(refused)")

                for (command, owner) in [("cutover", "r2"), ("rollback", "r1")] {
                    try await cloud.immutable(command, "orders", "--yes")
                    // As a process would that slept before it moved the domain.
                    try await cloud.leadDomain(to: owner == "r1" ? "r2" : "r1")
                    let again = try await cloud.immutable(command, "orders")
                    #expect(again.output.hasPrefix("already done: \(command) ") && again.output.contains("\(owner) owns the writes"))
                    let answer = try await cloud.send("GET", "/orders/none", to: "api.orders.example")
                    #expect(answer.headers["x-immutable-release"] == owner)
                }
                #expect(try await cloud.immutable("cutover", "orders", "--yes", ending: 1).errors.contains("there is no candidate"))
            }
        }
    }
}

extension Cloud {
    fileprivate func leadDomain(to release: String) async throws {
        let gateway = APIGateway(try client)
        let api = try #require(try await gateway.listApis().first { $0.name == "orders-\(release)-api" })
        let mapping = try #require(try await gateway.getApiMappings(domain: "api.orders.example").first)
        try await gateway.updateApiMapping(domain: "api.orders.example", mappingId: mapping.id, apiId: api.id, stage: mapping.stage)
    }
}
