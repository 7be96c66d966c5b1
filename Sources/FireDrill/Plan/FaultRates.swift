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

    /// A command makes up to some thousand calls, each of which is tried three times.
    static let tool = FaultRates(
        throttle: 0.004, conflict: 0.006, error: 0.003, errorAfter: 0.002, lostAnswer: 0.003, delayed: 0.01, delay: 50...1_500,
        silence: 0.000_05)
    /// A request makes about ten calls. Silence costs a request all of its time, so it is rare.
    static let function = FaultRates(
        throttle: 0.002, conflict: 0.004, error: 0.001, errorAfter: 0.001, lostAnswer: 0.001_5, delayed: 0.005, delay: 20...400,
        silence: 0.000_02)

    /// What can happen to an operation, and how often.
    func table(_ operation: Operation) -> [(Fault.Kind, Double)] {
        // A mail whose answer is lost waits for half a minute and a person: a cycle can bear few of those.
        let isMail = operation.name == "SendEmail"
        return [
            (.throttle, throttle), (.conflict, operation.canConflict ? conflict : 0), (.error, isMail ? error / 4 : error),
            (.errorAfter, isMail ? errorAfter / 4 : errorAfter), (.lostAnswer, isMail ? lostAnswer / 4 : lostAnswer), (.delay, delayed),
            (.silence, operation.service == .domain || isMail ? 0 : silence),
        ]
    }
}
