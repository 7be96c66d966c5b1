import Foundation

/// Kills each command of the tool at its AWS calls, one by one, and runs it again to its end.
struct EveryCall: Sendable {
    let setup: DrillSetup
    /// Which commands are killed; the others are run as they are needed.
    let commands: [ToolCommand]
    /// How many kills of each command; nil: each call, before it, after it and with its answer lost.
    let sample: Int?
    let limit: Duration

    /// A local cloud grows slow with what it holds.
    private static let roundsPerCloud = 10
    private static let roundsPerAudit = 5

    /// - Returns: what it came to; it has a `finding` where something is wrong.
    func run() async throws -> DrillFigures {
        setup.tally.aims(at: 0, .kills)
        let numbers = RunNumbers()
        let end = ContinuousClock.now + limit
        var targets: [ToolCommand: ArraySlice<Kill>] = [:]
        var round = 0
        var cloudNumber = 0
        while cloudNumber == 0 || (targets.contains { !$0.value.isEmpty } && .now < end) {
            cloudNumber += 1
            let cloud = try await DrillCloud.start(number: cloudNumber, plan: nil)
            setup.tally.newCloud()
            let life = CloudLife(cloud: cloud, setup: setup, plan: nil, numbers: numbers)
            do {
                try await life.begin()
                if cloudNumber == 1 {
                    targets = try await record(life)
                    setup.tally.aims(at: targets.values.reduce(0) { $0 + $1.count }, .kills)
                }
                for ofCloud in 1...Self.roundsPerCloud where targets.contains(where: { !$0.value.isEmpty }) && .now < end {
                    round += 1
                    try await self.round(life, round, &targets)
                    if ofCloud % Self.roundsPerAudit == 0 || ofCloud == Self.roundsPerCloud { try await life.check() }
                }
                try await life.check()
            } catch {
                try await life.end(after: error, "round \(round)")
                return setup.tally.figures
            }
            await life.end()
        }
        return setup.tally.figures
    }

    /// One undisturbed run of each command: its calls are what is killed at.
    private func record(_ life: CloudLife) async throws -> [ToolCommand: ArraySlice<Kill>] {
        setup.story.say("recording the calls of each command")
        try life.clients.start(cycle: 0)
        var recorded: [ToolCommand: [ProxyRun.Call]] = [:]
        recorded[.deploy] = try await life.deploy(kills: []).flatMap(\.calls)
        for command in [ToolCommand.cutover, .rollback, .retire] {
            recorded[command] = try await life.run(command, kills: []).flatMap(\.calls)
        }
        try await life.deploy(kills: [])
        recorded[.abort] = try await life.run(.abort, kills: []).flatMap(\.calls)
        try await life.check()
        return recorded.reduce(into: [:]) { targets, entry in
            setup.tally.recorded(entry.key, calls: entry.value.count)
            guard commands.contains(entry.key) else { return }
            targets[entry.key] = KillSample.of(entry.value.map(\.operation), sample, seed: setup.seed)[...]
        }
    }

    /// There and back, and another candidate that is given up: each command has its next kill.
    private func round(_ life: CloudLife, _ round: Int, _ targets: inout [ToolCommand: ArraySlice<Kill>]) async throws {
        let left = targets.values.reduce(0) { $0 + $1.count }
        setup.story.say("round \(round): \(left) kills to go")
        if life.clients.traffic == nil { try life.clients.start(cycle: round) }
        func isLeft(_ commands: ToolCommand...) -> Bool { commands.contains { targets[$0]?.isEmpty == false } }
        let there: [ToolCommand] = isLeft(.cutover, .rollback, .retire) ? [.deploy, .cutover, .rollback, .retire] : []
        let up: [ToolCommand] = isLeft(.deploy, .abort) ? [.deploy, .abort] : []
        for command in there + up {
            let kill = targets[command]?.popFirst()
            let kills = kill.map { [$0] } ?? []
            let attempts = command == .deploy ? try await life.deploy(kills: kills) : try await life.run(command, kills: kills)
            if kill != nil { setup.tally.everyCall(command, attempts) }
            if let failed = life.clients.traffic?.counts.failed, failed > 0 {
                throw Finding("\(failed) requests failed: \(life.clients.traffic?.failures ?? [])")
            }
        }
    }
}
