/// How many batch writes of a worker may be under way, and when the next one may start: decided by what became of the earlier ones.
///
/// Additive increase, multiplicative decrease (as TCP's congestion control, RFC 5681): one more writer after as many full successes as there are
/// writers; half of them after a refusal. Refusals of writes that were under way together count once. While refusals go on, pauses grow.
/// An allowance of write units is kept by the generic cell rate algorithm: a write that the allowance doesn't cover yet waits until it does.
///
/// Times are seconds of any one clock.
struct WriteFlow: Sendable, Hashable {
    /// How many writes may be under way.
    private(set) var writers: Int
    /// `nil`: as many as the table takes.
    let unitsPerSecond: Double?
    /// Before this no write may start, by the allowance. A worker that goes on after another one starts with that one's.
    private(set) var allowedAt: Double
    /// Writes that were refused in whole or in part.
    private(set) var refusals = 0

    private var successes = 0
    /// Since the last write that was taken in full.
    private var refusalsInARow = 0
    private var pausedUntil = 0.0
    private var round = 0

    /// The most that it ever lets.
    static let mostWriters = 8
    private static let startingWriters = 2
    /// The first pause after a refusal, and the longest.
    private static let pauses = 0.05...5.0

    init(writers: Int? = nil, unitsPerSecond: Double? = nil, allowedAt: Double = 0) {
        self.writers = min(max(1, writers ?? Self.startingWriters), Self.mostWriters)
        self.unitsPerSecond = unitsPerSecond
        self.allowedAt = allowedAt
    }

    /// A write that was let go.
    struct Ticket: Sendable, Hashable {
        fileprivate var round: Int
        /// When it may start, and why it waits until then.
        var startsAt: Double
        var cause: Cause?
    }

    /// Why a write waits.
    enum Cause: Sendable, Hashable {
        /// The table refused earlier ones.
        case throttling
        /// The allowance is used up.
        case allowance
    }

    /// Lets a write of `units` go. It is for the caller to wait until the ticket's time.
    mutating func send(units: Int, at now: Double) -> Ticket {
        var ticket = Ticket(round: round, startsAt: max(now, pausedUntil), cause: pausedUntil > now ? .throttling : nil)
        guard let rate = unitsPerSecond, rate > 0 else { return ticket }
        if allowedAt > ticket.startsAt { (ticket.startsAt, ticket.cause) = (allowedAt, .allowance) }
        allowedAt = ticket.startsAt + Double(units) / rate
        return ticket
    }

    /// The write of the ticket was taken in full.
    mutating func taken(_ ticket: Ticket) {
        refusalsInARow = 0
        guard ticket.round == round else { return }
        successes += 1
        guard successes >= writers, writers < Self.mostWriters else { return }
        writers += 1
        successes = 0
    }

    /// All or a part of the write was refused as too much. `random` (0 ..< 1) spreads those who were refused together.
    /// `isFruitful`: the table took some of it, so the next pause is no longer than the first.
    mutating func refused(_ ticket: Ticket, at now: Double, random: Double, isFruitful: Bool = false) {
        refusals += 1
        guard ticket.round == round else { return }
        round += 1
        writers = max(1, writers / 2)
        successes = 0
        refusalsInARow = isFruitful ? 1 : refusalsInARow + 1
        pausedUntil = now + pause(random: random)
    }

    /// After a read or a single write was refused: how long to wait before it is sent again.
    mutating func refusedOther(random: Double, inARow: Int) -> Double {
        refusals += 1
        return Self.pause(after: inARow, random: random)
    }

    private func pause(random: Double) -> Double { Self.pause(after: refusalsInARow, random: random) }

    private static func pause(after refusals: Int, random: Double) -> Double {
        let bound = min(pauses.upperBound, pauses.lowerBound * Double(1 << min(max(refusals - 1, 0), 10)))
        // Never no pause at all: half of it is certain.
        return bound * (0.5 + min(max(random, 0), 1) / 2)
    }
}
