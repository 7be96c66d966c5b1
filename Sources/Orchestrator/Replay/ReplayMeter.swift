import EventStore

/// Makes figures of what the workers of a pass answer. Times are seconds of any one clock.
struct ReplayMeter: Sendable {
    /// How long ago what counts as now.
    private static let window = 10.0

    private struct Sample: Sendable {
        var at: Double
        var done: Int
        var shares: [ReplayFigures.Limit: Double]
        var refusals: Int
    }

    let total: Int
    /// Events of later passes.
    let toCome: Int
    private var done: [Int: Int]
    private var writers: [Int: (now: Int, most: Int)] = [:]
    private var setAside: [Int: Int] = [:]
    private var samples: [Sample]
    private var backlogs: [(at: Double, events: Int)] = []

    /// - Parameters:
    ///   - done: of each segment, what earlier processes did.
    ///   - toCome: events that are to be handled once more after this pass.
    init(total: Int, done: [Int: Int] = [:], toCome: Int = 0, at now: Double) {
        self.total = total
        self.done = done
        self.toCome = toCome
        samples = [Sample(at: now, done: done.values.reduce(0, +), shares: [:], refusals: 0)]
    }

    var events: Int { done.values.reduce(0, +) }

    /// A worker of `segment` answered. `shares`: seconds of its time.
    mutating func add(
        segment: Int, done count: Int, shares: [ReplayFigures.Limit: Double], refusals: Int = 0, writers: (now: Int, most: Int)? = nil,
        at now: Double
    ) {
        done[segment] = count
        if let writers { self.writers[segment] = writers }
        samples.append(Sample(at: now, done: events, shares: shares, refusals: refusals))
        // The oldest one stays as the base of the rate, where all are old.
        while samples.count > 2, samples[1].at < now - Self.window { samples.removeFirst() }
    }

    /// So many items of the segment were set aside.
    mutating func add(segment: Int, setAside items: Int) { setAside[segment] = items }

    /// A segment has no more worker.
    mutating func ended(segment: Int) { writers[segment] = nil }

    /// So many events were committed since the cut.
    mutating func add(backlog events: Int, at now: Double) {
        backlogs.append((now, events))
        while backlogs.count > 2, backlogs[1].at < now - 2 * Self.window { backlogs.removeFirst() }
    }

    var figures: ReplayFigures {
        var figures = ReplayFigures(eventsPerSecond: rate, limitedBy: limit, backlog: backlogs.last?.events)
        if !setAside.isEmpty { figures.setAside = setAside.values.reduce(0, +) }
        if let rate { figures.secondsLeft = secondsLeft(at: rate) }
        if isThrottled, !writers.isEmpty {
            figures.writers = writers.values.reduce(0) { $0 + $1.now }
            figures.mostWriters = writers.values.reduce(0) { $0 + $1.most }
        }
        return figures
    }

    private var rate: Double? {
        guard let first = samples.first, let last = samples.last, last.at > first.at, last.done > first.done else { return nil }
        return Double(last.done - first.done) / (last.at - first.at)
    }

    private var isThrottled: Bool { samples.contains { $0.refusals > 0 } }

    private var limit: ReplayFigures.Limit? {
        var sums: [ReplayFigures.Limit: Double] = [:]
        for sample in samples { sums.merge(sample.shares, uniquingKeysWith: +) }
        // In their order, so that equal shares always give the same.
        let most = ReplayFigures.Limit.allCases.filter { sums[$0, default: 0] > 0 }.max { sums[$0, default: 0] < sums[$1, default: 0] }
        return most == .writing && isThrottled ? .throttling : most
    }

    private var arrivals: Double {
        guard let first = backlogs.first, let last = backlogs.last, last.at > first.at else { return 0 }
        return max(0, Double(last.events - first.events) / (last.at - first.at))
    }

    /// A transaction of the tail takes twice the write units of a batch write: half the rate is assumed for it until it is seen.
    private func secondsLeft(at rate: Double) -> Double? {
        let passes = Double(max(0, total - events) + toCome) / rate
        let tail = rate / 2
        guard arrivals < tail else { return nil }
        return passes + (Double(backlogs.last?.events ?? 0) + arrivals * passes) / (tail - arrivals)
    }
}

extension ReplayEffort {
    /// As shares of a worker's time.
    var shares: [ReplayFigures.Limit: Double] {
        [.reading: reading, .transform: transforming, .writing: writing, .maxWriteUnits: held, .projectors: projecting]
    }
}
