/// Takes away from a failing schedule what its failure doesn't need.
public struct Shrinker: Sendable {
    /// The most runs that it spends.
    public var runs: Int
    public var sabotage: Sabotage?

    public init(runs: Int = 3_000, sabotage: Sabotage? = nil) {
        self.runs = runs
        self.sabotage = sabotage
    }

    /// The smallest schedule found that breaks the same invariant. The same schedule always shrinks to the same.
    public func shrink(_ schedule: Schedule) async -> Schedule {
        let runs = runs
        let workshop = sabotage
        return await Explorer.onThread {
            var search = Search(best: schedule, left: runs, Workshop(sabotage: workshop))
            search.run()
            return search.best
        }
    }

    private struct Search {
        var best: Schedule
        var left: Int
        private var invariant: Invariant?
        private var calls = 0
        private let workshop: Workshop

        init(best: Schedule, left: Int, _ workshop: Workshop) {
            self.workshop = workshop
            self.best = best
            self.left = left
            let outcome = Simulation(best, in: workshop).run()
            invariant = outcome.violation?.invariant
            calls = outcome.calls
        }

        mutating func run() {
            guard invariant != nil else { return }
            var isSmaller = true
            while isSmaller, left > 0 {
                isSmaller = false
                for candidate in best.smaller where accepts(candidate) {
                    isSmaller = true
                    break
                }
            }
            calm()
        }

        /// Makes runs of calls take the shortest time, longer runs first.
        private mutating func calm() {
            var size = 64
            while size > 0, left > 0 {
                for start in stride(from: 1, to: calls, by: size) {
                    var candidate = best
                    candidate.calm.formUnion(start..<(start + size))
                    if candidate != best { _ = accepts(candidate) }
                }
                size /= 4
            }
        }

        private mutating func accepts(_ candidate: Schedule) -> Bool {
            guard left > 0 else { return false }
            left -= 1
            let outcome = Simulation(candidate, in: workshop).run()
            guard outcome.violation?.invariant == invariant else { return false }
            best = candidate
            calls = outcome.calls
            return true
        }
    }
}

extension Schedule {
    /// Schedules with one thing less.
    fileprivate var smaller: [Schedule] {
        var found: [Schedule] = []
        func add(_ change: (inout Schedule) -> Void) {
            var schedule = self
            change(&schedule)
            if schedule != self { found.append(schedule) }
        }
        for index in faults.indices { add { $0.faults.remove(at: index) } }
        add { $0.traits.isDeployed = true }
        add { $0.traits.changedTogether = 100 }
        add { $0.traits.second = nil }
        add { $0.traits.rollsBack = false }
        add { $0.traits.ending = nil }
        for index in traits.requests.indices { add { $0.traits.requests.remove(at: index) } }
        add { $0.traits.projects = false }
        add { $0.traits.reacts = false }
        add { $0.traits.dropped = 0 }
        add { $0.traits.transforms = false }
        add { $0.traits.pageLimit = 1_000 }
        for index in traits.history.indices where traits.history[index] > 0 { add { $0.traits.history[index] = 0 } }
        add { $0.traits.shards = 1 }
        for index in traits.requests.indices where traits.requests[index].events > 1 { add { $0.traits.requests[index].events = 1 } }
        // What was taken away moves the calls: the faults may belong a little earlier.
        for index in faults.indices {
            for shift in [-16, -8, -4, -2, -1] where faults[index].call + shift > 0 { add { $0.faults[index].call += shift } }
        }
        return found
    }
}

extension Schedule: CustomStringConvertible {
    /// Who takes part, and what goes wrong.
    public var description: String {
        let requests = traits.requests.enumerated().map { index, request in
            "c\(index + 1): \(request.events == 0 ? "a question" : "\(request.events) events") about stream \(request.stream) at \(request.at) ms"
        }
        return """
            seed \(seed): \(traits.shards) shard(s), streams with \(traits.history) events, \(traits.isDeployed ? "a candidate that is ready, " : "")\(commands.map { "\($0)" }.joined(separator: ", "))\
            \(traits.second.map { "; a second person's \($0) at \(traits.secondStarts) ms" } ?? "")
              requests: \(requests.joined(separator: "; "))
              \(traits.projects ? "projectors, " : "")\(traits.reacts ? "reactors, " : "")\(traits.transforms ? "a transform, " : "")\
            \(traits.dropped)/16 of the bus dropped, pages of \(traits.pageLimit), \
            \(traits.changedTogether) head(s) in a transaction, \(calm.isEmpty ? "" : "\(calm.count) calls calmed")
              faults: \(faults.map(\.description).joined(separator: "; "))
            """
    }
}
