import EventStore
import Testing

@testable import Orchestrator

@Suite struct ReplayMeterTests {
    @Test func `the rate is that of the last ten seconds, over all segments`() {
        var meter = ReplayMeter(total: 100_000, at: 0)
        for second in 1...60 {
            // The first half minute is slow.
            let done = second <= 30 ? second * 100 : 3_000 + (second - 30) * 1_000
            meter.add(segment: second % 2, done: done / 2, shares: [.writing: 0.8], at: Double(second) - 0.5)
            meter.add(segment: (second + 1) % 2, done: done / 2, shares: [.writing: 0.8], at: Double(second))
        }
        #expect(meter.events == 33_000)
        let rate = meter.figures.eventsPerSecond ?? 0
        #expect(abs(rate - 1_000) < 20)
    }

    @Test func `what an earlier process did is no speed of this one`() {
        var meter = ReplayMeter(total: 10_000, done: [0: 9_000], at: 0)
        #expect(meter.figures == ReplayFigures())
        meter.add(segment: 0, done: 9_100, shares: [:], at: 1)
        #expect(meter.figures.eventsPerSecond == 100)
    }

    @Test func `what most of the time goes into is what limits`() {
        for limit in ReplayFigures.Limit.allCases where limit != .throttling {
            var meter = ReplayMeter(total: 100, at: 0)
            meter.add(segment: 0, done: 1, shares: [.reading: 0.2, .writing: 0.21].merging([limit: 0.9]) { $1 }, at: 1)
            #expect(meter.figures.limitedBy == limit)
        }
    }

    @Test func `writing to a table that refuses is throttling, and the writers are told`() {
        var meter = ReplayMeter(total: 100, at: 0)
        meter.add(segment: 0, done: 1, shares: [.writing: 1], refusals: 3, writers: (1, 8), at: 1)
        meter.add(segment: 1, done: 1, shares: [.writing: 1], writers: (2, 8), at: 1)
        let figures = meter.figures
        #expect(figures.limitedBy == .throttling && figures.writers == 3 && figures.mostWriters == 16)
        for second in 2...20 { meter.add(segment: 0, done: second, shares: [.writing: 1], writers: (8, 8), at: Double(second)) }
        #expect(meter.figures.limitedBy == .writing && meter.figures.writers == nil)
    }

    @Test func `the time left has the passes that follow and the tail's backlog in it`() throws {
        var meter = ReplayMeter(total: 1_000, toCome: 1_000, at: 0)
        meter.add(backlog: 0, at: 0)
        meter.add(segment: 0, done: 100, shares: [:], at: 1)
        #expect(meter.figures.secondsLeft == 19, "900 to copy and 1,000 to prove at 100/s")
        meter.add(backlog: 10, at: 1)
        // 10/s come, 50/s can be carried: 10 now and 190 meanwhile, at 40/s.
        let left = try #require(meter.figures.secondsLeft)
        #expect(abs(left - (19 + 5)) < 0.001)
        #expect(meter.figures.backlog == 10)
    }

    @Test func `where more is committed than can be carried there is no time left to tell`() {
        var meter = ReplayMeter(total: 1_000, at: 0)
        meter.add(backlog: 0, at: 0)
        meter.add(segment: 0, done: 100, shares: [:], at: 1)
        meter.add(backlog: 60, at: 1)
        #expect(meter.figures.secondsLeft == nil && meter.figures.backlog == 60)
    }
}
