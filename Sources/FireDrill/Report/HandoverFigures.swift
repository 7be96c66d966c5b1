import Traffic

/// What clients saw of the handovers of one kind, in milliseconds by their clocks.
struct HandoverFigures: Sendable, Encodable {
    /// One handover.
    struct Seen: Sendable, Hashable {
        /// Of each watched shard the longest gap between two acknowledged writes.
        var pauses: [Double]
        /// How much longer writes took that were under way than the median of the ten seconds before.
        var added: Percentiles
    }

    var command: ToolCommand
    /// Whether the tool was killed, gave up or was run again between seal and flip.
    var wasInterrupted: Bool
    var count: Int
    /// Over the watched shards of all of these handovers.
    var writePause: Percentiles?
    /// Each figure is the largest that one of these handovers has.
    var addedLatency: Percentiles?

    init(_ command: ToolCommand, wasInterrupted: Bool, _ seen: [Seen]) {
        self.command = command
        self.wasInterrupted = wasInterrupted
        count = seen.count
        writePause = Percentiles(seen.flatMap(\.pauses))
        addedLatency = seen.map(\.added).reduce(Percentiles?.none) { largest, added in
            guard var largest else { return added }
            for figure in [\Percentiles.p50, \.p99, \.max] {
                largest[keyPath: figure] = max(largest[keyPath: figure], added[keyPath: figure])
            }
            return largest
        }
    }
}

extension HandoverFigures.Seen {
    init(_ pause: PauseFigures) {
        pauses = pause.pausesOfShardsMilliseconds
        added = pause.addedLatencyMilliseconds
    }
}
