import AWS

/// Waits between tries, with jitter so that many waiting requests don't come back together.
struct Pause: Sendable {
    let clock: ClientClock
    /// What was waited so far, by the lengths asked for: no clock can jump in it.
    private(set) var total: Duration = .zero
    private var waits = 0

    init(clock: ClientClock) { self.clock = clock }

    /// About 5 to 25 ms: another transaction was in the way.
    mutating func short() async throws { try await wait(.milliseconds(5 + Int(clock.random() * 20))) }

    /// About 60 ms: a handover is under way. It takes some calls in sequence, and each request that waits makes more of them. After a second it is none
    /// of the usual ones: about 200 ms, so that many waiting requests don't keep the ledger from whoever ends it.
    mutating func handover() async throws {
        try await wait(.milliseconds(total < .seconds(1) ? 48 + Int(clock.random() * 24) : 160 + Int(clock.random() * 80)))
    }

    /// From about 20 ms to about 160 ms: another release doesn't take what it is sent.
    mutating func growing() async throws {
        try await wait(.milliseconds((16 + Int(clock.random() * 8)) << min(waits, 3)))
        waits += 1
    }

    private mutating func wait(_ length: Duration) async throws {
        try await clock.sleep(length)
        total += length
    }
}
