import Testing

@testable import immutable

@Suite struct InterruptionTests {
    /// What following the steps, and two signals after them, leads to.
    private func responses(after steps: [String]) -> [Interruption.Response] {
        var state = Interruption.State()
        for step in steps { _ = state.follow(.step(step, why: "")) }
        return [state.signal(), state.signal()]
    }

    @Test func `the first signal cancels and the second exits`() {
        #expect(responses(after: []) == [.cancel, .exit])
        #expect(responses(after: ["verify", "guardrails"]) == [.cancel, .exit])
        #expect(responses(after: ["fill", "compare"]) == [.cancel, .exit])
    }

    @Test(arguments: ["seal", "drain", "promote", "flip"])
    func `a handover that has begun is let to its end`(step: String) {
        #expect(responses(after: ["guardrails", step]) == [.letHandoverEnd, .exit])
        #expect(responses(after: ["guardrails", step, "compare"]) == [.letHandoverEnd, .exit])
    }

    @Test func `an interrupted command is cancelled once its handover has ended`() {
        var state = Interruption.State()
        _ = state.follow(.step("seal", why: ""))
        _ = state.signal()
        let cancels = ["drain", "compare", "promote", "flip", "retire"].map { state.follow(.step($0, why: "")) }
        #expect(cancels == [false, false, false, false, true])
    }

    @Test func `an uninterrupted handover cancels nothing`() {
        var state = Interruption.State()
        let cancels = ["seal", "flip", "verify"].map { state.follow(.step($0, why: "")) }
        #expect(cancels == [false, false, false])
        #expect(!state.happened)
    }

    @Test func `counts are no steps`() {
        var state = Interruption.State()
        _ = state.follow(.step("seal", why: ""))
        _ = state.follow(.count("events", done: 1, total: 2))
        #expect(state.isHandingOver)
    }
}
