import Foundation
import Synchronization

/// Runs many schedules, one seed after another, on some threads.
public struct Explorer: Sendable {
    public var firstSeed: UInt64
    public var threads: Int
    public var sabotage: Sabotage?
    /// Brief schedules: of a cutover alone, and more of them in the same time.
    public var isBrief: Bool

    public init(firstSeed: UInt64, threads: Int = 2, sabotage: Sabotage? = nil, isBrief: Bool = false) {
        self.sabotage = sabotage
        self.isBrief = isBrief
        self.firstSeed = firstSeed
        self.threads = max(1, threads)
    }

    public struct Failure: Sendable, Hashable, Codable {
        public var seed: UInt64
        public var invariant: String
        public var detail: String
    }

    public struct Report: Sendable, Codable {
        public var schedules = 0
        public var calls = 0
        public var faults = 0
        /// Changes of owner, of single shards.
        public var changesOfOwner = 0
        /// Estimated.
        public var distinctStates = 0
        public var seconds = 0.0
        public var failures: [Failure] = []

        public var schedulesPerMinute: Int { seconds > 0 ? Int(Double(schedules) / seconds * 60) : 0 }

        fileprivate mutating func add(_ outcome: Simulation.Outcome, _ seed: UInt64) {
            schedules += 1
            calls += outcome.calls
            faults += outcome.faults
            changesOfOwner += outcome.changesOfOwner
            guard let violation = outcome.violation else { return }
            failures.append(Failure(seed: seed, invariant: violation.invariant.rawValue, detail: violation.detail))
        }
    }

    /// Until so many schedules were run, so much time has passed, or so many have failed.
    public func run(schedules: Int, seconds: Double, failures: Int, report each: @escaping @Sendable (Report) -> Void = { _ in }) async
        -> Report
    {
        let start = ContinuousClock.now
        let shared = Shared()
        let firstSeed = firstSeed
        let threads = threads
        let sabotage = sabotage
        let isBrief = isBrief
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<threads {
                group.addTask {
                    // A thread of its own: a schedule's tasks run inside it, and a task can't run inside another.
                    await Self.onThread {
                        let workshop = Workshop(sabotage: sabotage)
                        var part = Report()
                        var index = thread
                        while index < schedules {
                            let seed = firstSeed &+ UInt64(index)
                            part.add(Simulation(Schedule(seed: seed, isBrief: isBrief), in: workshop).run(), seed)
                            index += threads
                            guard part.schedules & 0xFF == 0 || !part.failures.isEmpty else { continue }
                            let elapsed = (ContinuousClock.now - start) / .seconds(1)
                            let sum = shared.take(&part, workshop.states, elapsed)
                            each(sum)
                            if elapsed > seconds || sum.failures.count >= failures { break }
                        }
                        _ = shared.take(&part, workshop.states, (ContinuousClock.now - start) / .seconds(1))
                    }
                }
            }
        }
        return shared.report
    }

    /// Runs one schedule and shows each of its steps.
    public func replay(_ schedule: Schedule, _ line: @escaping @Sendable (String) -> Void) async -> Simulation.Outcome {
        let sabotage = sabotage
        return await Self.onThread { Simulation(schedule, in: Workshop(sabotage: sabotage), trace: line).run() }
    }

    static func onThread<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: body()) }
        }
    }

    /// What all threads have found.
    private final class Shared: Sendable {
        private let sum = Mutex((report: Report(), states: [UInt8]()))

        var report: Report { sum.withLock { $0.report } }

        /// Adds a thread's part, which begins anew.
        func take(_ part: inout Report, _ states: StateSketch, _ elapsed: Double) -> Report {
            let taken = part
            part = Report()
            let registers = states.registers
            return sum.withLock { sum in
                sum.states = sum.states.isEmpty ? registers : zip(sum.states, registers).map(max)
                sum.report.schedules += taken.schedules
                sum.report.calls += taken.calls
                sum.report.faults += taken.faults
                sum.report.changesOfOwner += taken.changesOfOwner
                sum.report.failures += taken.failures
                sum.report.distinctStates = StateSketch(registers: sum.states).estimate
                sum.report.seconds = elapsed
                return sum.report
            }
        }
    }
}
