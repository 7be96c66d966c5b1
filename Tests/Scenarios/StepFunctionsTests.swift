import AWS
import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// A replay by Step Functions: what the local cloud has of a distributed map runs the same workers on the same checkpoints.
    /// Three deployments: one candidate that is given up, and one that fails, is killed and goes live.
    @Suite struct StepFunctionsTests {
        private static let machine = "orders-r3-replay-segments"

        private struct Report: Decodable {
            struct Replay: Decodable {
                var events: Int
                var shards: Int
                var reversible: Int
            }
            struct Parity: Decodable { var verdict: String }
            var replay: Replay
            var parity: Parity
        }

        @Test func `a replay by a state machine names what it fails on, goes on without the command, and proves the same totals`()
            async throws
        {
            try await Cloud.running { cloud in
                try await cloud.deploy("orders")
                var orders = OrdersTraffic(cloud)
                let (traffic, journal) = try orders.start(clients: 2, seed: 7, think: .milliseconds(150))
                try await journal.waitForWrites(after: Date(), clients: 2)
                let steps = StepFunctions(try cloud.client)

                // One that is given up leaves nothing.
                try await cloud.deploy("orders-v2", ["--engine", "step-functions"])
                #expect(try await steps.stateMachineStatus(cloud.stateMachine("orders-r2-replay-segments")) == "ACTIVE")
                try await cloud.immutable("abort", "orders")
                #expect(try await steps.stateMachineStatus(cloud.stateMachine("orders-r2-replay-segments")) == nil)

                let damaged = try await cloud.placeDamaged()
                let failed = try await cloud.immutable(
                    Cloud.deployment(of: "orders-v2") + ["--engine", "step-functions"], ending: 1)
                #expect(
                    failed.errors.contains("the transform failed on event damaged-1@1") && failed.errors.contains(damaged.eventId),
                    "\(failed)")
                try await cloud.dynamo.write(.put("orders-r1-events", damaged.item))

                // Killed in the middle of a slow execution, and not run again before that has ended.
                let killed = try cloud.start(Cloud.deployment(of: "orders-v2") + ["--max-write-units", "40"])
                try await until("the execution runs", every: .milliseconds(1)) {
                    killed.errors.contains("execution copy-2 of \(Self.machine)") || !killed.isRunning
                }
                killed.kill()
                #expect(try await killed.end().status == 128 + SIGKILL)
                #expect(try await steps.describeExecution(cloud.execution(Self.machine, "copy-2"))?.isRunning == true)
                try await until("the execution ends by itself") {
                    try await steps.describeExecution(cloud.execution(Self.machine, "copy-2"))?.status == "SUCCEEDED"
                }

                let other = try await cloud.immutable(Cloud.deployment(of: "orders-v2") + ["--engine", "direct"], ending: 1)
                #expect(other.errors.contains("'step-functions', not by 'direct'"), "\(other)")
                let deployed = try await cloud.deploy("orders-v2", ["--format", "json"])
                let report = try JSONDecoder().decode(Report.self, from: Data(deployed.output.utf8))
                #expect(report.parity.verdict == "matched" && report.replay.shards == 64)
                #expect(report.replay.events > 0 && report.replay.reversible == report.replay.events)
                // The killed command's execution was found: no further one was started.
                #expect(
                    try await Set(steps.executions(of: cloud.stateMachine(Self.machine)))
                        == Set(["copy-1", "copy-2", "prove-1"].map { cloud.execution(Self.machine, $0) }))

                try await cloud.immutable("cutover", "orders", "--yes")
                try await journal.waitForWrites(after: Date(), clients: 2)
                try await cloud.immutable("retire", "orders", "--yes")
                #expect(try await steps.stateMachineStatus(cloud.stateMachine(Self.machine)) == nil)
                let summary = await traffic.stop()
                #expect(summary.counts.failed == 0, "\(summary.failures)")
                try await orders.audit("r3")
            }
        }
    }
}

extension Cloud {
    private func arn(_ kind: String, _ name: String) -> String { "arn:aws:states:\(instance.region):000000000000:\(kind):\(name)" }
    fileprivate func stateMachine(_ name: String) -> String { arn("stateMachine", name) }
    fileprivate func execution(_ machine: String, _ name: String) -> String { arn("execution", "\(machine):\(name)") }

    /// Places an order that no client knows, and makes its event unreadable for the transform; returns the event as it was.
    fileprivate func placeDamaged() async throws -> (eventId: String, item: Item) {
        try await place("damaged-1")
        // Its consumers must not meet it any more.
        try await until("the order's consumers are past it") {
            let cursors = try await items("orders-r1-cursors").compactMap { $0["consumer"]?.string }
            return cursors.filter { $0.hasSuffix("/damaged-1") }.count == 2
        }
        let key: Item = ["aggregateId": "damaged-1", "version": 1]
        let event = try #require(try await dynamo.getItem("orders-r1-events", key))
        var damaged = event
        damaged["data"] = "{\"customer\":42}"
        try await dynamo.write(.put("orders-r1-events", damaged))
        return (try #require(event["eventId"]?.string), event)
    }
}
