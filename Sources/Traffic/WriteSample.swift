/// One write as its client saw it. Times are seconds of a monotonic clock.
struct WriteSample: Sendable, Hashable {
    var shard: Int
    var sent: Double
    var answered: Double
    var isAcknowledged: Bool
    /// Sent to measure a handover, beside the clients.
    var isPulse: Bool

    var latency: Double { answered - sent }
}

/// The middle, the 99th of a hundred, and the largest of some values (nearest rank).
public struct Percentiles: Sendable, Hashable, Codable {
    public var p50: Double
    public var p99: Double
    public var max: Double

    package init(p50: Double, p99: Double, max: Double) { (self.p50, self.p99, self.max) = (p50, p99, max) }

    /// - Returns: nil for no values.
    public init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let last = sorted.last else { return nil }
        func rank(_ share: Double) -> Double { sorted[min(sorted.count - 1, Int((share * Double(sorted.count)).rounded(.up)) - 1)] }
        p50 = rank(0.5)
        p99 = rank(0.99)
        max = last
    }
}
