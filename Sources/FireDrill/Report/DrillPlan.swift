/// What a seed's plan says of a drill: all of its stories, and of the rest as much as the drill came to.
struct DrillPlan: Sendable, Codable, Hashable {
    /// How often each fault happens, as a share of the calls that it can happen to.
    struct Rates: Sendable, Codable, Hashable {
        var caller: String
        var shares: [String: Double]
        /// The shortest and the longest delay.
        var delayMilliseconds: [Int]
    }
    struct Cycle: Sendable, Codable, Hashable {
        var cycle: Int
        var story: String
    }
    /// One process of the tool.
    struct ToolRun: Sendable, Codable, Hashable {
        var run: Int
        var command: String
        var attempt: Int
        /// Absent where it is let live.
        var kill: Kill?
        /// Whether it came as far as to that call.
        var wasStruck = false
    }
    /// One kill of a function's process that was due.
    struct FunctionKill: Sendable, Codable, Hashable {
        var cycle: Int
        var number: Int
        /// Since the one before.
        var afterMilliseconds: Int
        /// Whose process was hit; absent where none was alive, or nothing was to go wrong just then.
        var function: String?
    }

    var rates: [Rates]
    var cycles: [Cycle]
    var toolRuns: [ToolRun] = []
    var functionKills: [FunctionKill] = []

    /// - Parameter cycles: how many were asked for.
    init(_ plan: FaultPlan, cycles: Int) {
        rates = Caller.allCases.compactMap { caller in
            plan.rates[caller].map { rates in
                Rates(
                    caller: caller.rawValue, shares: Dictionary(uniqueKeysWithValues: rates.byKind.map { ($0.rawValue, $1) }),
                    delayMilliseconds: [rates.delay.lowerBound, rates.delay.upperBound])
            }
        }
        self.cycles = (0..<cycles).map { index in
            Cycle(cycle: index + 1, story: plan.story(cycle: index + 1, ofCloud: index % DrillPace.cyclesPerCloud).rawValue)
        }
    }
}
