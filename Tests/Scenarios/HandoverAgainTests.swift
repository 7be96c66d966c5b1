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
                    let again = try await cloud.immutable(command, "orders")
                    #expect(again.output.hasPrefix("already done: \(command) ") && again.output.contains("\(owner) owns the writes"))
                }
                #expect(try await cloud.immutable("cutover", "orders", "--yes", ending: 1).errors.contains("there is no candidate"))
            }
        }
    }
}
