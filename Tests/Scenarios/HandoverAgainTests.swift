import AWS
import Foundation
import Synchronization
import Testing

@testable import FireDrill

extension EndToEnd {
    /// Commands that are run once more, or where nobody can answer, or AWS doesn't. Three quarters of a minute.
    @Suite struct HandoverAgainTests {
        @Test
        func
            `a question without a terminal is refused before anything is compared, and a handover whose seals get no answer, asked for twice, is done once`()
            async throws
        {
            try await Cloud.running { cloud in
                try await cloud.deploy("orders")
                try await cloud.deploy("orders-v2")
                let refused = try await cloud.immutable("cutover", "orders", ending: 64)
                #expect(!refused.errors.contains("verify:") && !refused.errors.contains("guardrails:"), "\(refused)")

                for (command, owner) in [("cutover", "r2"), ("rollback", "r1")] {
                    try await cloud.leavingSealsUnanswered { try await $0.immutable(command, "orders", "--yes") }
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
    /// The tool's calls go through a proxy that carries out every 24th UpdateItem, and never says so. 64 of them are seals, as it refuses every
    /// transaction at its first try.
    fileprivate func leavingSealsUnanswered(_ body: (Cloud) async throws -> Void) async throws {
        let calls = Mutex<[String: Int]>([:])
        let run = ProxyRun(
            .tool,
            fault: { _, operation in
                let number = calls.withLock { calls in
                    calls[operation.name, default: 0] += 1
                    return calls[operation.name, default: 0]
                }
                switch operation.name {
                case "UpdateItem" where number.isMultiple(of: 24): return .silence
                case "TransactWriteItems" where !number.isMultiple(of: 2): return .conflict
                default: return nil
                }
            })
        let upstream = Upstream(instance.endpoint)
        let proxy = try await FaultProxy.start(upstream, run)
        var cloud = self
        cloud.endpoint = proxy.endpoint
        let result: Result<Void, any Error>
        do { result = .success(try await body(cloud)) } catch { result = .failure(error) }
        await proxy.stop()
        await upstream.close()
        try result.get()
        #expect(run.faults.filter { $0.key.kind == .silence }.values.reduce(0, +) >= 2)
    }

    fileprivate func leadDomain(to release: String) async throws {
        let gateway = APIGateway(try client)
        let api = try #require(try await gateway.listApis().first { $0.name == "orders-\(release)-api" })
        let mapping = try #require(try await gateway.getApiMappings(domain: "api.orders.example").first)
        try await gateway.updateApiMapping(domain: "api.orders.example", mappingId: mapping.id, apiId: api.id, stage: mapping.stage)
    }
}
