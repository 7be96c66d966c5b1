import Synchronization
import Testing

@testable import Simulation

@Suite struct SimulationTests {
    @Test func `no schedule breaks an invariant`() async {
        let report = await Explorer(firstSeed: 1).run(schedules: 600, seconds: 300, failures: 1)
        #expect(report.failures.isEmpty, "replay it: swift run -c release simulate --replay \(report.failures.first?.seed ?? 0)")
        #expect(report.schedules > 0 && report.faults >= report.schedules && report.changesOfOwner > 0)
        #expect(report.calls >= 30 * report.schedules && report.distinctStates > report.schedules)
    }

    @Test func `no brief schedule breaks an invariant, and each is a whole handover with a fault`() async {
        let report = await Explorer(firstSeed: 1, isBrief: true).run(schedules: 300, seconds: 300, failures: 1)
        #expect(report.failures.isEmpty)
        #expect(report.faults >= report.schedules && report.changesOfOwner >= report.schedules && report.calls >= 30 * report.schedules)
    }

    /// Every seventh call here; `simulate --every-call` strikes at all of them.
    @Test func `a store call of any command may be the last of its process, or lose its answer`() async {
        let report = await EveryCall(stride: 7).run(1..<3)
        #expect(report.failures.isEmpty)
        #expect(report.calls >= 400 && report.strikes > report.calls / 5)
        #expect(await EveryCall(stride: 7).run(1..<2, sabotage: .ignoresClaims).failures.isEmpty == false)
    }

    private func steps(_ schedule: Schedule, sabotage: Sabotage? = nil) async -> [String] {
        let lines = Lines()
        _ = await Explorer(firstSeed: 0, sabotage: sabotage).replay(schedule) { lines.add($0) }
        return lines.all
    }

    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    @Test func `the same seed gives the same steps`() async {
        for seed in UInt64(1)...25 {
            let first = await steps(Schedule(seed: seed))
            #expect(first.count > 30)
            #expect(await steps(Schedule(seed: seed)) == first)
        }
    }

    @Test func `a failing schedule is shrunk to one that breaks the same invariant with less`() async throws {
        let sabotage = Sabotage.ignoresClaims
        let report = await Explorer(firstSeed: 1, threads: 1, sabotage: sabotage).run(schedules: 400, seconds: 300, failures: 1)
        let failure = try #require(report.failures.first)
        let schedule = Schedule(seed: failure.seed)
        let short = await Shrinker(runs: 250, sabotage: sabotage).shrink(schedule)
        let outcome = await Explorer(firstSeed: 0, sabotage: sabotage).replay(short) { _ in }
        #expect(outcome.violation?.invariant.rawValue == failure.invariant)
        #expect(short.faults.count <= schedule.faults.count && short.traits.requests.count <= schedule.traits.requests.count)
        #expect(short != schedule)
    }

    @Test func `a sketch counts distinct states within a few per cent`() {
        let sketch = StateSketch()
        for number in 0..<50_000 {
            sketch.begin()
            let place = MemoryStore.Place(table: "t", hash: "\(number % 25_000)", range: .none)
            sketch.changed([.init(place: place, old: nil, new: ["n": .int(number % 25_000), "at": .int(number)])])
        }
        #expect((24_000...26_000).contains(sketch.estimate))
    }
}
