/// What goes wrong, and when: a pure function of the seed, the run, the number of the call in it, and its operation.
///
/// A run is one process of the tool, or all functions of one local cloud. Calls are numbered as they arrive, so that a call's number may differ
/// between two runs of one command that makes calls side by side; what happens to call 17 of run 3, if it is a `PutItem`, doesn't.
struct FaultPlan: Sendable {
    var seed: UInt64
    var rates: [Caller: FaultRates] = [.tool: .tool, .function: .function]

    func fault(_ caller: Caller, run: Int, call: Int, operation: Operation) -> Fault? {
        guard let rates = rates[caller], operation.service != .domain || caller == .tool else { return nil }
        var dice = Dice(seed, Dice.word(caller.rawValue), UInt64(run), UInt64(call), Dice.word(operation.description))
        let share = dice.share()
        var bound = 0.0
        for (kind, rate) in rates.table(operation) {
            bound += rate
            guard share < bound else { continue }
            switch kind {
            case .throttle: return .throttle
            case .conflict: return .conflict
            case .error: return .error
            case .errorAfter: return .errorAfter
            case .lostAnswer: return .lostAnswer
            case .delay: return .delay(milliseconds: Int.random(in: rates.delay, using: &dice))
            case .silence: return .silence
            }
        }
        return nil
    }

    /// Whether and where the tool is killed in a run.
    /// - Parameters:
    ///   - attempt: from 1; the same command is run again until it ends, and is killed ever less often.
    ///   - calls: how many the command makes when nothing goes wrong.
    func kill(run: Int, attempt: Int, calls: Int) -> Kill? {
        var dice = Dice(seed, Dice.word("kill"), UInt64(run))
        let chance: Double =
            switch attempt {
            case 1: 0.6
            case 2: 0.4
            case 3: 0.2
            default: 0
            }
        guard dice.share() < chance, let moment = Kill.Moment.allCases.randomElement(using: &dice) else { return nil }
        return Kill(call: Int.random(in: 1...max(1, calls), using: &dice), moment: moment)
    }

    /// Milliseconds until the next kill of a function's process, and which of those alive it hits.
    func functionKill(run: Int, number: Int) -> (milliseconds: Int, choice: UInt64) {
        var dice = Dice(seed, Dice.word("function kill"), UInt64(run), UInt64(number))
        return (Int.random(in: 1_000...8_000, using: &dice), dice.next())
    }

    /// What a cycle does with its candidate.
    func story(cycle: Int, ofCloud: Int) -> Story {
        var dice = Dice(seed, Dice.word("story"), UInt64(cycle))
        // Once the second schema is live there is nothing left to transform: the first half of a cloud's life goes there and back.
        let advances = ofCloud >= DrillPace.cyclesPerCloud / 2
        switch dice.share() {
        case ..<0.15: return .abort
        case ..<0.65: return advances ? .advance : .return
        default: return advances ? .return : (ofCloud == 0 ? .return : .advance)
        }
    }
}

/// What becomes of a cycle's candidate.
enum Story: String, Sendable, Codable, CaseIterable {
    /// It is cut over to, and the old release is retired.
    case advance
    /// It is cut over to, the writes are handed back, and it is retired.
    case `return` = "there and back"
    /// It is given up.
    case abort = "given up"
}
