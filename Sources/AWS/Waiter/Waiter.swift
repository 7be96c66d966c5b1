#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How the pauses between polls grow.
public struct Backoff: Sendable, Hashable {
    public var first: Duration
    public var factor: Double
    public var longest: Duration

    public init(first: Duration = .milliseconds(100), factor: Double = 1.5, longest: Duration = .seconds(5)) {
        self.first = first
        self.factor = factor
        self.longest = longest
    }

    /// The pause after the `poll`th poll, from 1.
    public func pause(after poll: Int) -> Duration {
        var pause = first
        for _ in 1..<max(poll, 1) where pause < longest { pause = pause * factor }
        return min(pause, longest)
    }
}

/// Polls until something has become true, has become impossible, or its time is over.
public struct Waiter: Sendable {
    /// What one poll found.
    public enum Finding: Sendable, Hashable {
        /// The waiting ends.
        case reached
        /// Polled again; with what there is instead, for the error.
        case notYet(String)
        /// Can't be reached any more; the waiting ends with this error.
        case impossible(String)
    }

    /// Completes "waited for …", e.g. `table orders-r7-events to become ACTIVE`.
    public var what: String
    public var deadline: Duration
    public var poll: Backoff
    var clock: ClientClock

    public init(
        _ what: String, deadline: Duration = .seconds(300), poll: Backoff = Backoff(), clock: ClientClock = .system
    ) {
        self.what = what
        self.deadline = deadline
        self.poll = poll
        self.clock = clock
    }

    /// The first poll is made at once, the last one at the deadline.
    /// - Throws: `WaiterError`; the probe's own errors.
    public func wait(for probe: () async throws -> Finding) async throws {
        let start = clock.now()
        var polls = 0
        while true {
            let finding = try await probe()
            polls += 1
            let left = deadline.inSeconds - clock.now().timeIntervalSince(start)
            switch finding {
            case .reached: return
            case .impossible(let reason): throw WaiterError(what: what, reason: .impossible(reason))
            case .notYet(let state):
                guard left > 0 else { throw WaiterError(what: what, reason: .deadline(deadline, state: state)) }
            }
            try await clock.sleep(min(poll.pause(after: polls), .seconds(left)))
        }
    }
}

public struct WaiterError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Reason: Sendable, Hashable {
        case deadline(Duration, state: String)
        case impossible(String)
    }

    public var what: String
    public var reason: Reason

    public var description: String {
        switch reason {
        case .deadline(let duration, let state):
            "waited \(duration) for \(what)" + (state.isEmpty ? "" : "; it is still \(state)")
        case .impossible(let reason): "waited for \(what), which can't happen any more: \(reason)"
        }
    }
}

/// Polls a plain condition.
/// - Throws: `WaiterError` after the deadline; the condition's own errors.
public func waitUntil(
    _ what: String, deadline: Duration = .seconds(300), poll: Backoff = Backoff(), clock: ClientClock = .system,
    condition: () async throws -> Bool
) async throws {
    try await Waiter(what, deadline: deadline, poll: poll, clock: clock).wait {
        try await condition() ? .reached : .notYet("")
    }
}
