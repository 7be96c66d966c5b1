import Testing

@testable import Traffic

@Suite struct PauseTests {
    private func sample(_ shard: Int, _ sent: Double, _ answered: Double, ok: Bool = true, pulse: Bool = false) -> WriteSample {
        WriteSample(shard: shard, sent: sent, answered: answered, isAcknowledged: ok, isPulse: pulse)
    }

    @Test func `the pause is the longest gap between acknowledged writes of a shard`() throws {
        var samples = (0..<100).map { sample(1, Double($0) / 10, Double($0) / 10 + 0.02) }
        samples += (0..<100).map { sample(2, Double($0) / 10, Double($0) / 10 + 0.02) }
        // Shard 1 waits from 5.0 to 6.0; a failed write in between is no acknowledgement.
        samples.removeAll { $0.shard == 1 && $0.sent > 5 && $0.sent < 5.95 }
        samples.append(sample(1, 5.1, 5.6, ok: false))
        let figures = try #require(PauseFigures(samples, watched: [1, 2], sealed: 5.1...5.9))
        #expect(abs(figures.writePauseMilliseconds.max - 1_000) < 1)
        #expect(abs(figures.writePauseMilliseconds.p50 - 100) < 1)
    }

    @Test func `a gap that only touches the window counts whole`() {
        let writes = [sample(1, 0, 0.5), sample(1, 0.9, 1), sample(1, 1, 9), sample(1, 9.9, 10)]
        #expect(PauseFigures.longestGap(writes, overlapping: 8.5...9.2) == 8)
        #expect(PauseFigures.longestGap(Array(writes.prefix(2)), overlapping: 2...3) == nil)
    }

    @Test func `a rest of the writers is no pause`() throws {
        let writes = [sample(1, 0, 1), sample(1, 8.9, 9), sample(1, 9, 9.4)]
        let gap = try #require(PauseFigures.longestGap(writes, overlapping: 8.5...9.5))
        #expect(abs(gap - 0.4) < 0.001)
    }

    @Test func `a write that failed ends a rest, and no gap`() throws {
        let writes = [sample(1, 0, 1), sample(1, 3, 4, ok: false), sample(1, 8.9, 9)]
        let gap = try #require(PauseFigures.longestGap(writes, overlapping: 8.5...9.5))
        #expect(abs(gap - 6.15) < 0.001)
    }

    @Test func `added latency is held against the median of the ten seconds before`() throws {
        var samples = (0..<50).map { sample(1, Double($0) / 10, Double($0) / 10 + 0.05) }
        samples.append(sample(1, 5.2, 5.75))
        let figures = try #require(PauseFigures(samples, watched: [1], sealed: 5.4...5.6))
        #expect(abs(figures.addedLatencyMilliseconds.max - 500) < 1)
        #expect(figures.writesWhileSealed == 1)
    }

    @Test func `a watched shard without writes gives no figures`() {
        #expect(PauseFigures([sample(1, 0, 0.1), sample(1, 1, 1.1)], watched: [1, 2], sealed: 0.5...0.9) == nil)
    }

    @Test func `percentiles are of the nearest rank`() throws {
        let hundred = try #require(Percentiles((1...100).map(Double.init)))
        #expect(hundred == Percentiles((1...100).reversed().map(Double.init)))
        #expect(hundred.p50 == 50 && hundred.p99 == 99 && hundred.max == 100)
        #expect(Percentiles([7])?.p99 == 7)
        #expect(Percentiles([]) == nil)
    }
}
