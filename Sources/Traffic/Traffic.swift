import Synchronization

/// HTTP clients of the orders API that check every answer. They share no code with what they check.
public final class Traffic: Sendable {
    private let options: TrafficOptions
    private let recorder: Recorder
    private let pace = Pace()
    private let clients = Mutex<[Task<Void, Never>]>([])
    private let pulses = Mutex<(count: Int, running: [Task<Void, Never>])>((0, []))

    /// - Throws: where the journal can't be made.
    public init(_ options: TrafficOptions) throws {
        self.options = options
        recorder = try Recorder(options)
    }

    /// Starts the clients.
    public func start() {
        let (options, recorder, pace) = (options, recorder, pace)
        let tasks = (0..<options.clients).map { number in
            Task {
                var client = Client(number, options, recorder: recorder, pace: pace)
                await client.run()
            }
        }
        clients.withLock { $0 += tasks }
    }

    /// The counts of this moment.
    public var counts: TrafficCounts { recorder.counts }

    /// What was wrong with the first requests that failed.
    public var failures: [String] { recorder.failures }

    /// Writes that were sent up to now, answered or not.
    public var writesSent: Int { recorder.writesSent }

    /// Seconds since the traffic began, by a monotonic clock.
    public var now: Double { recorder.now }

    /// A phase of the story begins; the report has the latency of each.
    public func mark(_ phase: String) async { recorder.mark(phase) }

    /// How long each client thinks between two requests.
    public func think(_ pause: Duration) { pace.set(pause) }

    /// The shards of which each gap between two writes counts.
    public var watchedShards: Int { options.watchedShards }

    /// Starts writers that place new orders on the watched shards, beside the clients: each on one of them, so that fewer than there are leave some
    /// without a pulse.
    public func startPulse(writers: Int) {
        let (options, recorder) = (options, recorder)
        pulses.withLock { pulses in
            let pulse = Pulse(writers: writers, client: options.clients + pulses.count, options: options, recorder: recorder)
            pulses.count += writers
            pulses.running.append(Task { await pulse.run() })
        }
    }

    /// Ends the pulses, and returns when each of their writes has its answer.
    public func endPulses() async {
        let tasks = pulses.withLock { pulses in
            defer { pulses.running = [] }
            return pulses.running
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    /// What clients saw of a handover.
    /// - Parameter sealed: from the beginning of the seal to the end of the promotion, in the time of ``now``.
    /// - Returns: nil where too little was written to tell.
    public func pause(sealed: ClosedRange<Double>) -> PauseFigures? { recorder.pause(sealed: sealed) }

    /// Ends the traffic; requests that are under way are answered first.
    public func stop() async -> TrafficReport {
        await endPulses()
        let tasks = clients.withLock { clients in
            defer { clients = [] }
            return clients
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        return await recorder.close()
    }
}
