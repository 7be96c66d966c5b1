import Foundation
import Synchronization

/// The calls of one process of the tool, or of the functions of one local cloud: numbered, and each with its fate.
final class ProxyRun: Sendable {
    /// A call that was made, and what became of it.
    struct Call: Sendable {
        var number: Int
        var operation: Operation
        var fault: Fault.Kind?
        /// Seconds from the run's beginning to its arrival, and to its answer or the end of its connection; nil while it is under way.
        var arrived: Double
        var answered: Double?

        /// For the log of a run.
        var line: String {
            let end = answered.map { "\(Self.text($0 - arrived)) s" } ?? "under way"
            return "\(number)\t\(Self.text(arrived))\t\(end)\t\(operation)\t\(fault?.rawValue ?? "")"
        }

        private static func text(_ seconds: Double) -> String { "\((seconds * 1_000).rounded() / 1_000)" }
    }

    struct Fate: Sendable {
        var number: Int
        var fault: Fault?
        var kill: Kill.Moment?
    }

    private let fault: @Sendable (_ call: Int, Operation) -> Fault?
    private let caller: Caller
    private let kill: Kill?
    private let strike: @Sendable () -> Void
    private let keepsCalls: Bool
    private let start = ContinuousClock.now

    private struct State {
        var calls: [Call] = []
        var count = 0
        var isCalm = false
        var struck: Call?
        var faults: [FaultCount: Int] = [:]
    }
    private let state = Mutex(State())

    /// - Parameters:
    ///   - fault: what a call meets.
    ///   - kill: where `strike` is called, once.
    ///   - keepsCalls: whether each call is remembered, or counted only.
    init(
        _ caller: Caller, fault: @escaping @Sendable (_ call: Int, Operation) -> Fault?, kill: Kill? = nil, keepsCalls: Bool = false,
        strike: @escaping @Sendable () -> Void = {}
    ) {
        self.caller = caller
        self.fault = fault
        self.kill = kill
        self.keepsCalls = keepsCalls
        self.strike = strike
    }

    /// - Parameter plan: nil: nothing goes wrong by itself.
    convenience init(
        _ caller: Caller, number: Int, plan: FaultPlan?, kill: Kill? = nil, keepsCalls: Bool = false,
        strike: @escaping @Sendable () -> Void = {}
    ) {
        self.init(
            caller, fault: { plan?.fault(caller, run: number, call: $0, operation: $1) }, kill: kill, keepsCalls: keepsCalls, strike: strike
        )
    }

    func arrived(_ operation: Operation) -> Fate {
        let now = (ContinuousClock.now - start) / .seconds(1)
        return state.withLock { state in
            state.count += 1
            let number = state.count
            let strikes = kill.map { $0.call == number } ?? false
            // A call at which the tool dies meets no other fault: its moment would not be what it says.
            let fault = strikes || state.isCalm ? nil : self.fault(number, operation)
            let call = Call(number: number, operation: operation, fault: fault?.kind, arrived: now)
            if keepsCalls { state.calls.append(call) }
            if strikes { state.struck = call }
            if let fault { state.faults[FaultCount(caller: caller, kind: fault.kind, operation: operation.description), default: 0] += 1 }
            return Fate(number: number, fault: fault, kill: strikes ? kill?.moment : nil)
        }
    }

    /// A call has its answer, or none.
    func answered(_ call: Int) {
        let now = (ContinuousClock.now - start) / .seconds(1)
        state.withLock { if $0.calls.indices.contains(call - 1) { $0.calls[call - 1].answered = now } }
    }

    /// From now on nothing goes wrong by itself, or does again.
    func calm(_ isCalm: Bool) { state.withLock { $0.isCalm = isCalm } }

    var isCalm: Bool { state.withLock(\.isCalm) }

    /// Ends the tool.
    func end() { strike() }

    var count: Int { state.withLock(\.count) }
    var calls: [Call] { state.withLock(\.calls) }
    /// The call at which the tool was killed.
    var struck: Call? { state.withLock(\.struck) }
    var faults: [FaultCount: Int] { state.withLock(\.faults) }
}

/// A kind of fault at an operation, for counting.
struct FaultCount: Sendable, Hashable {
    var caller: Caller
    var kind: Fault.Kind
    var operation: String
}
