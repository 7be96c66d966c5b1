import Foundation

/// Cycles, one local cloud after the other, until enough were made or something is found.
struct Drill: Sendable {
    let setup: DrillSetup
    let cycles: Int
    let limit: Duration

    /// - Returns: what it came to; it has a `finding` where something is wrong.
    func run() async throws -> DrillFigures {
        let plan = FaultPlan(seed: setup.seed)
        setup.tally.aims(at: cycles, .cycles)
        setup.tally.follows(DrillPlan(plan, cycles: cycles))
        let numbers = RunNumbers()
        let end = ContinuousClock.now + limit
        var cycle = 0
        while cycle < cycles, .now < end {
            let number = cycle / DrillPace.cyclesPerCloud + 1
            let cloud = try await DrillCloud.start(number: number, plan: plan)
            setup.tally.newCloud()
            let life = CloudLife(cloud: cloud, setup: setup, plan: plan, numbers: numbers)
            do {
                try await life.begin()
                for ofCloud in 0..<DrillPace.cyclesPerCloud where cycle < cycles && .now < end {
                    cycle += 1
                    try await life.cycle(cycle, plan.story(cycle: cycle, ofCloud: ofCloud))
                }
            } catch {
                try await life.end(after: error, "cycle \(cycle)")
                return setup.tally.figures
            }
            await life.end()
        }
        return setup.tally.figures
    }
}
