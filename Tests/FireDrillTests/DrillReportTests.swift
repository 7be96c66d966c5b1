import Foundation
import Testing
import Traffic

@testable import FireDrill

/// What a drill says at its end.
@Suite struct DrillReportTests {
    private let plan = FaultPlan(seed: 7)

    private func markdown(_ tally: Tally) -> String { DrillReport(figures: tally.figures, clients: 2).markdown }

    @Test func `the report has the plan that its seed gives`() throws {
        let tally = Tally(seed: 7)
        tally.aims(at: 20, .cycles)
        tally.follows(DrillPlan(plan, cycles: 20))
        let run = try #require((1...20).first { plan.kill(run: $0, attempt: 1, calls: 480) != nil })
        let kill = try #require(plan.kill(run: run, attempt: 1, calls: 480))
        tally.plans(.init(run: run, command: "deploy", attempt: 1, kill: kill))
        tally.plans(.init(run: 99, command: "deploy", attempt: 2))
        let due = plan.functionKill(run: 3, number: 1).milliseconds
        tally.functionKill(.init(cycle: 3, number: 1, afterMilliseconds: due, function: "orders-r1-place-order"))
        tally.functionKill(.init(cycle: 3, number: 2, afterMilliseconds: due))

        struct Line: Decodable { var plan: DrillPlan }
        let read = try JSONDecoder().decode(Line.self, from: Data(tally.figures.line().utf8)).plan
        #expect(read == tally.figures.plan)
        #expect(read.cycles.map(\.story) == (0..<20).map { plan.story(cycle: $0 + 1, ofCloud: $0 % DrillPace.cyclesPerCloud).rawValue })
        #expect(read.rates.map(\.caller) == ["tool", "function"])
        #expect(read.rates.first?.shares["answer lost"] == FaultRates.tool.lostAnswer)
        #expect(read.toolRuns.map(\.kill) == [kill, nil])
        #expect(tally.figures.functionKills == ["place-order": 1])

        let text = markdown(tally)
        #expect(text.contains("## What seed 7 decides"))
        #expect(text.contains("| \(run) | deploy | 1 | \(kill.call) | \(kill.moment.rawValue) | no |"))
        #expect(text.contains("Of 2 processes of the tool it kills 1."))
        let third = plan.story(cycle: 3, ofCloud: 2).rawValue
        #expect(text.contains("| 3 | \(third) | 2 | 1 |"))
        #expect(text.contains("| tool | 0.6 % | 1.0 % |"))
    }

    @Test func `a drill whose time ran out says how far it came, and doesn't end as one that is done`() {
        let tally = Tally(seed: 7)
        tally.aims(at: 3, .cycles)
        for _ in 0..<2 { tally.cycle(.advance) }
        #expect(tally.figures.isUnfinished && tally.figures.exitCode == 4)
        #expect(tally.figures.ending.contains("unfinished: 2 of 3 cycles"))
        #expect(markdown(tally).contains("**Unfinished: 2 of 3 cycles when the time was over.**"))
        tally.cycle(.abort)
        #expect(!tally.figures.isUnfinished && tally.figures.exitCode == 0)
        #expect(tally.figures.ending == "3 of 3 cycles, nothing was found")
        #expect(markdown(tally).contains("3 of 3 cycles (2 advance, 1 given up)"))
    }

    @Test func `kills that time didn't suffice for leave a drill unfinished too, and a finding is told before that`() {
        let tally = Tally(seed: 7)
        tally.aims(at: 5, .kills)
        tally.everyCall(.cutover, [])
        #expect(tally.figures.exitCode == 4 && tally.figures.ending.contains("1 of 5 kills"))
        tally.found("a mail was sent twice", in: "round 1")
        #expect(!tally.figures.isUnfinished && tally.figures.exitCode == 1)
        #expect(tally.figures.ending == "found in round 1, after 1 of 5 kills")
    }

    @Test func `pauses and added latency are told for cutovers and rollbacks, interrupted or not`() throws {
        let tally = Tally(seed: 7)
        tally.handover(.rollback, .init(pauses: [50], added: .init(p50: 5, p99: 40, max: 41)), wasInterrupted: false)
        tally.handover(.cutover, .init(pauses: [9_000], added: .init(p50: 800, p99: 900, max: 950)), wasInterrupted: true)
        for (pause, added) in [(300.0, 10.0), (100, 30)] {
            tally.handover(
                .cutover, .init(pauses: [pause, pause + 1], added: .init(p50: added, p99: 70 - added, max: 80)), wasInterrupted: false)
        }
        let handovers = tally.figures.handovers
        #expect(handovers.map(\.command) == [.cutover, .cutover, .rollback] && handovers.map(\.wasInterrupted) == [false, true, false])
        let through = try #require(handovers.first)
        #expect(through.count == 2 && through.writePause?.max == 301)
        #expect(through.addedLatency == Percentiles(p50: 30, p99: 60, max: 80))
        let text = markdown(tally)
        #expect(text.contains("| cutover, let through | 2 | 101 ms | 301 ms | 301 ms | 30 ms | 60 ms | 80 ms |"))
        #expect(text.contains("| rollback, let through | 1 | 50 ms | 50 ms | 50 ms | 5 ms | 40 ms | 41 ms |"))
    }
}
