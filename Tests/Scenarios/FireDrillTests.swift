import Foundation
import Testing

@testable import FireDrill

extension EndToEnd {
    /// One cycle under fire: there and back, with a seed that kills the tool. Docs: docs/under-fire.md.
    @Suite struct FireDrillTests {
        private static let seed: UInt64 = 1

        private struct Figures: Decodable {
            struct Aim: Decodable {
                var asked: Int
                var done: Int
            }
            struct Requests: Decodable {
                var sent: Int
                var failed: Int
            }
            struct Audit: Decodable {
                var runs: Int
                var acknowledged: Int
            }
            struct Command: Decodable {
                var calls: Int
                var killed: Int
            }
            struct FaultLine: Decodable {
                var caller: String
                var count: Int
            }
            var aim: Aim
            var plan: DrillPlan
            var requests: Requests
            var audit: Audit
            var commands: [String: Command]
            var toolCalls: Int
            var functionCalls: Int
            var toolKills: [String: Int]
            var functionKills: [String: Int]
            var faults: [FaultLine]
            var finding: String?
        }

        @Test func `a cycle under fire loses nothing, and there is fire`() async throws {
            let scratch = FileManager.default.temporaryDirectory.appending(path: "scenario-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: scratch) }
            let drill = try Child.start(
                Products.path(Products.directory.appending(path: "fire-drill")),
                ["--cycles", "1", "--seed", "\(Self.seed)", "--clients", "2", "--products", Products.path(Products.directory), "--json"],
                environment: Cloud.plainEnvironment, scratch: scratch)
            let end = try await drill.end(within: .seconds(600))
            try #require(end.status == 0, "\(end)")
            let figures = try JSONDecoder().decode(Figures.self, from: Data(end.output.utf8))
            #expect(figures.aim.asked == 1 && figures.aim.done == 1 && figures.finding == nil)
            #expect(figures.requests.sent > 0 && figures.requests.failed == 0)
            #expect(figures.audit.runs == 1 && figures.audit.acknowledged > 0)

            // All of its calls passed by where they can be struck.
            for command in [ToolCommand.deploy, .cutover, .rollback, .retire] {
                #expect(figures.commands[command.rawValue].map { $0.calls > 0 } == true, "no call of \(command) was seen")
            }
            #expect(figures.toolCalls == figures.commands.values.reduce(0) { $0 + $1.calls } && figures.functionCalls > 0)
            for caller in Caller.allCases {
                let faults = figures.faults.filter { $0.caller == caller.rawValue }
                #expect(faults.reduce(0) { $0 + $1.count } > 0, "no call of the \(caller.rawValue) met a fault")
            }

            // What its seed decides is what the report says that it decided, and it struck.
            let plan = FaultPlan(seed: Self.seed)
            #expect(figures.plan.cycles.map(\.story) == [plan.story(cycle: 1, ofCloud: 0).rawValue])
            #expect(figures.plan.rates == DrillPlan(plan, cycles: 1).rates)
            for run in figures.plan.toolRuns {
                let command = try #require(ToolCommand(rawValue: run.command))
                #expect(run.kill == plan.kill(run: run.run, attempt: run.attempt, calls: command.usualCalls))
            }
            for kill in figures.plan.functionKills {
                #expect(kill.afterMilliseconds == plan.functionKill(run: kill.cycle, number: kill.number).milliseconds)
            }
            let struck = figures.plan.toolRuns.count { $0.wasStruck }
            #expect(struck > 0 && struck == figures.toolKills.values.reduce(0, +))
            #expect(figures.plan.toolRuns.allSatisfy { !$0.wasStruck || $0.kill != nil })
            let hit = figures.plan.functionKills.count { $0.function != nil }
            #expect(hit == figures.functionKills.values.reduce(0, +))
            // Elsewhere the functions' processes can't be told.
            if FileManager.default.fileExists(atPath: "/proc/self/stat") { #expect(hit > 0) }
        }
    }
}
