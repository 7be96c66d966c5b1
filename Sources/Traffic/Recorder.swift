import Foundation
import Synchronization

/// Sends requests, checks the replies, and keeps account: in the journal, and in memory for the figures.
final class Recorder: Sendable {
    private struct Account {
        var counts = TrafficCounts()
        var writesSent = 0
        var failures: [String] = []
        var samples: [WriteSample] = []
        var phases: [(name: String, since: Double)] = []
        var finished: [(orderId: String, version: Int)] = []
        var journalFailed = false
    }

    static let failuresKept = 20
    static let finishedKept = 100

    private let sender: HTTPSender
    private let patience: Duration
    private let journal: Journal
    private let choice: ShardChoice
    private let account = Mutex(Account())
    private let start = ContinuousClock.now
    private let startTime = Date().timeIntervalSince1970

    init(_ options: TrafficOptions) throws {
        sender = HTTPSender(options)
        patience = options.patience
        journal = try Journal(path: options.journalPath)
        choice = ShardChoice(options)
    }

    /// Seconds since the traffic began, by a monotonic clock.
    var now: Double { (ContinuousClock.now - start) / .seconds(1) }

    var counts: TrafficCounts { account.withLock(\.counts) }
    var failures: [String] { account.withLock(\.failures) }
    var writesSent: Int { account.withLock(\.writesSent) }

    func mark(_ phase: String) {
        let now = now
        account.withLock { $0.phases.append((phase, now)) }
    }

    func finish(_ order: OrderLife) {
        account.withLock { if $0.finished.count < Self.finishedKept { $0.finished.append((order.id, order.version)) } }
    }

    /// - Parameters:
    ///   - isNew: whether its acceptance is a new event, and not a repeat.
    /// - Returns: the reply, if it is what must come.
    func exchange(
        _ request: Request, expecting expectation: Expectation, client: Int, seq: Int, isNew: Bool = true, isPulse: Bool = false
    ) async -> Reply? {
        account.withLock {
            $0.counts.sent += 1
            $0.counts.inFlight += 1
            if request.kind.isWrite { $0.writesSent += 1 }
        }
        let sent = now
        let (reply, problem, tries) = await ask(request, expectation)
        let answered = now
        var accepted = false
        if case .accepted = expectation { accepted = problem == nil }
        note(
            request, reply, problem,
            sample: WriteSample(
                shard: request.orderId.map(choice.shard) ?? -1, sent: sent, answered: answered, isAcknowledged: accepted,
                isPulse: isPulse),
            isEvent: accepted && isNew)
        write(
            .init(
                client: client, seq: seq, method: request.method, path: request.path, kind: request.kind, orderId: request.orderId,
                idempotencyKey: request.idempotencyKey, status: reply?.status ?? 0, body: reply?.body, request: request.body,
                sentAt: startTime + sent, answeredAt: startTime + answered, release: reply?.release, ok: problem == nil, tries: tries,
                reason: problem))
        return problem == nil ? reply : nil
    }

    /// Sends it until it has an answer that isn't the server's trouble, or patience ends.
    private func ask(_ request: Request, _ expectation: Expectation) async -> (reply: Reply?, problem: String?, tries: Int) {
        let end = ContinuousClock.now + patience
        var tries = 1
        while true {
            var reply: Reply?
            var problem: String?
            do {
                let received = try await sender.send(request)
                reply = received
                problem = expectation.problem(with: received)
            } catch {
                problem = "\(error)"
            }
            let isTheirs = reply.map { $0.status >= 500 || $0.status == 429 } ?? true
            guard problem != nil, isTheirs, .now < end else { return (reply, problem, tries) }
            tries += 1
            account.withLock { $0.counts.sentAgain += 1 }
            try? await Task.sleep(for: .milliseconds(200))
        }
    }

    func pause(sealed: ClosedRange<Double>) -> PauseFigures? {
        PauseFigures(account.withLock(\.samples), watched: choice.watched, sealed: sealed)
    }

    func close() async -> TrafficReport {
        await sender.close()
        if (try? journal.close()) == nil { journalBroke() }
        let account = account.withLock { $0 }
        let ends = account.phases.dropFirst().map(\.since) + [Double.infinity]
        let latency = zip(account.phases, ends).compactMap { phase, end in
            let values = account.samples.filter { $0.isAcknowledged && !$0.isPulse && $0.sent >= phase.since && $0.sent < end }
            return Percentiles(values.map { $0.latency * 1_000 }).map { (phase: phase.name, milliseconds: $0) }
        }
        return TrafficReport(counts: account.counts, failures: account.failures, latency: latency, finished: account.finished)
    }

    private func note(_ request: Request, _ reply: Reply?, _ problem: String?, sample: WriteSample, isEvent: Bool) {
        account.withLock { account in
            account.counts.inFlight -= 1
            if isEvent { account.counts.acknowledged += 1 }
            if request.kind.isWrite, sample.isAcknowledged || problem != nil { account.samples.append(sample) }
            guard let problem else { return }
            account.counts.failed += 1
            if account.failures.count < Self.failuresKept { account.failures.append("\(request.method) \(request.path): \(problem)") }
        }
    }

    private func write(_ entry: Journal.Entry) {
        if (try? journal.write(entry)) == nil { journalBroke() }
    }

    /// An audit by an incomplete journal would prove nothing.
    private func journalBroke() {
        account.withLock { account in
            guard !account.journalFailed else { return }
            account.journalFailed = true
            account.counts.failed += 1
            account.failures.append("the journal can't be written: is the disk full?")
        }
    }
}
