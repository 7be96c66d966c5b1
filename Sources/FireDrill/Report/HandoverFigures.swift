import Traffic

/// What clients saw of the handovers of one kind, in milliseconds by their clocks.
struct HandoverFigures: Sendable, Encodable {
    /// One handover.
    struct Seen: Sendable, Hashable {
        /// Of each watched shard the longest gap between two acknowledged writes.
        var pauses: [Double]
        var added: AddedLatency
    }
    /// How much longer writes took that were under way than the median of the ten seconds before.
    struct AddedLatency: Sendable, Hashable, Codable {
        var p50: Double
        var p99: Double
        var max: Double
    }

    var command: ToolCommand
    /// Whether the tool was killed, gave up or was run again between seal and flip.
    var wasInterrupted: Bool
    var count: Int
    /// Over the watched shards of all of these handovers.
    var writePause: Percentiles?
    /// Each figure is the largest that one of these handovers has.
    var addedLatency: AddedLatency?

    init(_ command: ToolCommand, wasInterrupted: Bool, _ seen: [Seen]) {
        self.command = command
        self.wasInterrupted = wasInterrupted
        count = seen.count
        writePause = Percentiles(seen.flatMap(\.pauses))
        addedLatency = seen.map(\.added).reduce(AddedLatency?.none) { largest, added in
            guard let largest else { return added }
            return AddedLatency(
                p50: Swift.max(largest.p50, added.p50), p99: Swift.max(largest.p99, added.p99), max: Swift.max(largest.max, added.max))
        }
    }
}

extension HandoverFigures.Seen {
    init(_ pause: PauseFigures) {
        pauses = pause.pausesOfShardsMilliseconds
        let added = pause.addedLatencyMilliseconds
        self.added = .init(p50: added.p50, p99: added.p99, max: added.max)
    }
}
