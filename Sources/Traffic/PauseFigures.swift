/// What clients saw of a handover, in milliseconds by their clock.
public struct PauseFigures: Sendable, Hashable, Codable {
    /// Of each watched shard the longest gap between two acknowledged writes; over these shards. Of a time without a write under way no more counts
    /// than ``Pulse/interval``: nobody was kept waiting then.
    public var writePauseMilliseconds: Percentiles
    /// The same, one value for each watched shard.
    public var pausesOfShardsMilliseconds: [Double]
    /// How much longer writes took that were under way than the median of the ten seconds before.
    public var addedLatencyMilliseconds: Percentiles
    /// Writes that were sent from 1.5 s before the seal until it was measured, at least 1.5 s after the flip.
    public var writesTried: Int
    /// Writes that were under way between seal and promotion.
    public var writesWhileSealed: Int

    /// Widens the handover on both sides, in seconds.
    static let margin = 1.5
    /// How far back the usual latency is taken from, in seconds.
    static let baseline = 10.0

    /// - Parameters:
    ///   - sealed: from the beginning of the seal to the end of the promotion.
    /// - Returns: nil where too little was written to tell.
    init?(_ samples: [WriteSample], watched: [Int], sealed: ClosedRange<Double>) {
        let window = (sealed.lowerBound - Self.margin)...(sealed.upperBound + Self.margin)
        let acknowledged = samples.filter(\.isAcknowledged)
        let gaps = watched.compactMap { shard in Self.longestGap(samples.filter { $0.shard == shard }, overlapping: window) }
        let before = acknowledged.filter {
            !$0.isPulse && $0.answered < window.lowerBound && $0.answered >= window.lowerBound - Self.baseline
        }
        let underWay = acknowledged.filter { $0.sent <= window.upperBound && $0.answered >= window.lowerBound }
        guard gaps.count == watched.count, let usual = Percentiles(before.map(\.latency))?.p50,
            let pauses = Percentiles(gaps.map { $0 * 1_000 }),
            let added = Percentiles(underWay.map { Swift.max(0, $0.latency - usual) * 1_000 })
        else { return nil }
        writePauseMilliseconds = pauses
        pausesOfShardsMilliseconds = gaps.map { $0 * 1_000 }
        addedLatencyMilliseconds = added
        writesTried = samples.filter { $0.sent >= window.lowerBound }.count
        writesWhileSealed = samples.filter { $0.sent <= sealed.upperBound && $0.answered >= sealed.lowerBound }.count
    }

    /// Between two acknowledgements in a row, of the gaps that the window has a part of.
    static func longestGap(_ samples: [WriteSample], overlapping window: ClosedRange<Double>) -> Double? {
        let rest = Pulse.interval / .seconds(1)
        let answers = samples.filter(\.isAcknowledged).map(\.answered).sorted()
        let touching = zip(answers, answers.dropFirst()).filter { $1 >= window.lowerBound && $0 <= window.upperBound }
        return touching.compactMap { last, next -> Double? in
            let tried = samples.lazy.filter { $0.answered > last }.map(\.sent).min() ?? next
            let start = Swift.max(last, tried - rest)
            return start <= window.upperBound ? next - start : nil
        }.max()
    }
}
