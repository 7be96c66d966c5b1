/// Strikes at every store call of a schedule, one at a time: the process dies before it, dies after it, or lives on without its answer. The calls
/// are those of a deployment, a cutover, a rollback and a retirement, or of a deployment that is given up, and of the functions and clients that
/// work meanwhile.
public struct EveryCall: Sendable {
    static let kinds: [Fault.Kind] = [.crashBefore, .crashAfter, .answerLost]

    /// 1: at every call; n: at every n-th only, each schedule beginning at another.
    public var stride: Int

    public init(stride: Int = 1) { self.stride = max(1, stride) }

    public struct Report: Sendable, Hashable, Codable {
        /// Schedules without a fault, whose calls were struck at.
        public var schedules = 0
        /// Calls of those schedules.
        public var calls = 0
        /// Runs with a fault, of which each struck.
        public var strikes = 0
        public var failures: [Failure] = []
    }

    public struct Failure: Sendable, Hashable, Codable {
        public var seed: UInt64
        public var call: Int
        public var fault: String
        public var invariant: String
        public var detail: String
    }

    /// - Parameter seeds: of the schedules; all that is random in them but the faults.
    public func run(_ seeds: Range<UInt64>, threads: Int = 2, sabotage: Sabotage? = nil) async -> Report {
        await withTaskGroup(of: Report.self) { group in
            for thread in 0..<UInt64(max(1, threads)) {
                group.addTask {
                    await Explorer.onThread {
                        let workshop = Workshop(sabotage: sabotage)
                        var report = Report()
                        for seed in seeds where seed % UInt64(max(1, threads)) == thread { strike(seed, workshop, &report) }
                        return report
                    }
                }
            }
            return await group.reduce(into: Report()) { $0.add($1) }
        }
    }

    private func strike(_ seed: UInt64, _ workshop: Workshop, _ report: inout Report) {
        for ending in [Schedule.Traits.Ending.retire, .abort] { strike(seed, ending, workshop, &report) }
    }

    private func strike(_ seed: UInt64, _ ending: Schedule.Traits.Ending, _ workshop: Workshop, _ report: inout Report) {
        var schedule = Schedule(seed: seed)
        schedule.traits.isDeployed = false
        schedule.traits.rollsBack = true
        schedule.traits.ending = ending
        if ending == .retire { schedule.meetRollback() }
        schedule.traits.second = nil
        schedule.faults = []
        let undisturbed = Simulation(schedule, in: workshop).run()
        report.schedules += 1
        report.calls += undisturbed.calls
        if let violation = undisturbed.violation { report.failures.append(Failure(seed, 0, "none", violation)) }
        let first = 1 + Int(seed % UInt64(stride))
        for call in Swift.stride(from: first, through: undisturbed.calls, by: stride) {
            for kind in Self.kinds {
                schedule.faults = [Fault(call: call, scope: .all, kind: kind)]
                let outcome = Simulation(schedule, in: workshop).run()
                // None strikes once no more faults happen: at the end all is looked at in peace.
                guard outcome.faults > 0 else { continue }
                report.strikes += 1
                if let violation = outcome.violation { report.failures.append(Failure(seed, call, "\(kind)", violation)) }
            }
        }
    }
}

extension EveryCall.Report {
    fileprivate mutating func add(_ other: Self) {
        schedules += other.schedules
        calls += other.calls
        strikes += other.strikes
        failures += other.failures
    }
}

extension EveryCall.Failure {
    fileprivate init(_ seed: UInt64, _ call: Int, _ fault: String, _ violation: Violation) {
        self.init(seed: seed, call: call, fault: fault, invariant: violation.invariant.rawValue, detail: violation.detail)
    }
}
