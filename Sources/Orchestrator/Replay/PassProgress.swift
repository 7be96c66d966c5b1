import Synchronization

/// Tells how far a pass of a replay is: what its workers answer, and what is committed meanwhile.
final class PassProgress: Sendable {
    private let what: String
    private let sink: ProgressSink
    private let meter: Mutex<ReplayMeter>
    private let start = ContinuousClock.now

    init(_ what: String, total: Int, done: [Int: Int] = [:], toCome: Int = 0, sink: @escaping ProgressSink) {
        self.what = what
        self.sink = sink
        meter = Mutex(ReplayMeter(total: total, done: done, toCome: toCome, at: 0))
    }

    private var now: Double { (ContinuousClock.now - start) / .seconds(1) }

    /// Changes the figures and tells them. `change` gets the seconds since the pass began.
    func tell(_ change: (inout ReplayMeter, Double) -> Void) {
        let (done, total, figures) = meter.withLock { meter in
            change(&meter, now)
            return (meter.events, meter.total, meter.figures)
        }
        sink(.count(what, done: done, total: total, figures))
    }

    /// Runs the pass, and looks every few seconds at how many events were committed since the cut.
    func watching<Result: Sendable>(
        _ backlog: @escaping @Sendable () async throws -> Int, during pass: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await pass() }
            group.addTask { [self] in
                while !Task.isCancelled {
                    // That it can't be told for a moment is nothing that a replay should stop at.
                    if let events = try? await backlog() { meter.withLock { $0.add(backlog: events, at: now) } }
                    try? await Task.sleep(for: .seconds(3))
                }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }
}
