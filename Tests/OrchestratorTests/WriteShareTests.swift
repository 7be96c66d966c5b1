import Testing

@testable import Orchestrator

@Suite struct WriteShareTests {
    @Test func `those who still work share what those who are done had`() {
        let share = WriteShare(100, among: 4)
        #expect(share.unitsPerSecond == 25)
        share.leave()
        share.leave()
        #expect(share.unitsPerSecond == 50)
        #expect(WriteShare(nil, among: 4).unitsPerSecond == nil)
    }

    @Test func `who wrote at once what takes longer rests until its share covers it`() {
        let share = WriteShare(100, among: 4)
        #expect(share.pause(after: 250) == .seconds(10))
        #expect(share.pause(after: 0) == nil)
        #expect(WriteShare(nil, among: 4).pause(after: 250) == nil)
    }
}
