import Testing

@testable import Orchestrator

@Suite struct RecheckPaceTests {
    private let many = RecheckPace(entries: 100, seconds: 1)
    private let few = RecheckPace(entries: 12, seconds: 0.2)

    @Test func `a round of few transactions takes nothing back that one of many has told`() {
        #expect(many.followed(by: few) == many)
        #expect(few.followed(by: many) == many)
        #expect(RecheckPace(entries: 0, seconds: 0).followed(by: few) == few)
    }

    @Test func `by the pace of many, more than fit are not begun with`() {
        #expect(many.refusal(of: 26, within: .milliseconds(250)) != nil)
        #expect(many.refusal(of: 25, within: .milliseconds(250)) == nil)
        #expect(RecheckPace(entries: 60, seconds: 6).refusal(of: RecheckPace.few, within: .milliseconds(250)) == nil)
        #expect(few.refusal(of: 1_000, within: .milliseconds(250)) == nil)
    }
}
