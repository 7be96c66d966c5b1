/// How often each fault happens, as a share of the calls it can happen to.
struct FaultRates: Sendable {
    var throttle: Double
    var conflict: Double
    var error: Double
    var errorAfter: Double
    var lostAnswer: Double
    var delayed: Double
    /// How long, in milliseconds.
    var delay: ClosedRange<Int>
    var silence: Double

    /// A command makes some hundreds of calls. Silence costs it 6 s where it asks for items, half a minute elsewhere.
    static let tool = FaultRates(
        throttle: 0.006, conflict: 0.01, error: 0.005, errorAfter: 0.004, lostAnswer: 0.005, delayed: 0.015, delay: 50...1_500,
        silence: 0.000_1)
    /// A request makes about ten calls. Silence costs a request all of its time, so it is rare.
    static let function = FaultRates(
        throttle: 0.002, conflict: 0.004, error: 0.001, errorAfter: 0.001, lostAnswer: 0.001_5, delayed: 0.005, delay: 20...400,
        silence: 0.000_02)

    /// Each kind, as often as it happens to an operation that can meet it.
    var byKind: [(Fault.Kind, Double)] {
        [
            (.throttle, throttle), (.conflict, conflict), (.error, error), (.errorAfter, errorAfter), (.lostAnswer, lostAnswer),
            (.delay, delayed), (.silence, silence),
        ]
    }

    /// What can happen to an operation, and how often.
    func table(_ operation: Operation) -> [(Fault.Kind, Double)] {
        // A mail whose answer is lost waits for half a minute and a person: a cycle can bear few of those.
        let isMail = operation.name == "SendEmail"
        return [
            (.throttle, throttle), (.conflict, operation.canConflict ? conflict : 0), (.error, isMail ? error / 10 : error),
            (.errorAfter, isMail ? errorAfter / 10 : errorAfter), (.lostAnswer, isMail ? lostAnswer / 10 : lostAnswer), (.delay, delayed),
            (.silence, operation.service == .domain || isMail ? 0 : silence),
        ]
    }
}
