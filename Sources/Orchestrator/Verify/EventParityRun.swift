import EventSourcing
import EventStore

/// Compares the candidate's events with the transformed live ones: by totals per shard, then by stream, down to the first event that differs.
///
/// The candidate's own function does the reading, because it has the transform; only totals and what differs come here.
struct EventParityRun: Sendable {
    let view: StackView
    let candidate: ReleaseRecord
    /// Brings the candidate up to date with what was committed before.
    let settle: @Sendable () async throws -> Void
    let sink: ProgressSink

    private static let segments = 4
    private static let secondsPerCall = 5.0
    private static let patience: Duration = .seconds(30)

    private typealias Question = EventComparisonOrder.Question
    private typealias Answer = EventComparisonOrder.Answer

    func run() async throws -> EventParity {
        sink(.step("events", why: "the candidate's events are compared with what the transform makes of the live ones"))
        var all: Answer
        do {
            all = try await firstLook()
        } catch let error as FunctionFailed where error.is(NotComparable.self) {
            sink(.done("not compared"))
            return .inconclusive(error.message ?? error.reason, shardCount: view.shards.count)
        }
        var (stable, moving) = (all.differing, [EventComparison.Stream]())
        if !all.differing.isEmpty {
            (stable, moving) = try await watch(all.differing, &all)
        }
        let result = parity(all, stable, moving)
        sink(.done("\(result.verdict.rawValue): \(result.events) events of \(result.streams) streams, \(stable.count) streams differ"))
        return result
    }

    private func firstLook() async throws -> Answer {
        let counter = Counter()
        return try await withThrowingTaskGroup(of: Answer.self) { group in
            for segment in 0..<Self.segments {
                for onlyFollower in [false, true] {
                    group.addTask {
                        var all = Answer()
                        repeat {
                            let answer = try await ask(
                                Question(
                                    segment: segment, total: Self.segments, onlyFollower: onlyFollower, resume: all.resume,
                                    seconds: Self.secondsPerCall))
                            all.add(answer)
                            all.resume = answer.resume
                            sink(.count("events compared", done: await counter.add(answer.events), total: 0))
                        } while all.resume != nil
                        return all
                    }
                }
            }
            return try await group.reduce(into: Answer()) { $0.add($1) }
        }
    }

    /// What differs is read again until it is equal, or differs at the same event although everything was replicated in between.
    private func watch(
        _ streams: [EventComparison.Stream], _ all: inout Answer
    ) async throws -> (stable: [EventComparison.Stream], moving: [EventComparison.Stream]) {
        let end = ContinuousClock.now + Self.patience
        var stable: [EventComparison.Stream] = []
        var open = streams
        while true {
            try await settle()
            let before = Dictionary(open.map { ($0.aggregateId, $0.difference) }, uniquingKeysWith: { first, _ in first })
            var again: [EventComparison.Stream] = []
            for some in open.map(\.aggregateId).chunks(of: 50) {
                let answer = try await ask(Question(streams: some, seconds: Self.secondsPerCall))
                for (shard, totals) in answer.equal { all.equal[shard, default: .zero] += totals }
                again += answer.differing
            }
            stable += again.filter { $0.difference != nil && before[$0.aggregateId] == .some($0.difference) }
            open = again.filter { $0.difference == nil || before[$0.aggregateId] != .some($0.difference) }
            // Nothing that is settled changes what nobody can tell of.
            if open.allSatisfy({ $0.fault != nil }) { return (stable, open) }
            if open.isEmpty || ContinuousClock.now > end { return (stable, open) }
        }
    }

    private func parity(_ all: Answer, _ stable: [EventComparison.Stream], _ moving: [EventComparison.Stream]) -> EventParity {
        var expected = all.equal
        var candidate = all.equal
        for stream in stable {
            expected[stream.shard, default: .zero] += stream.expected
            candidate[stream.shard, default: .zero] += stream.candidate
        }
        let shards = view.shards.all.compactMap { shard -> EventParity.Shard? in
            let (a, b) = (expected[shard, default: .zero], candidate[shard, default: .zero])
            return a == b ? nil : EventParity.Shard(shard: shard, expected: a.events, candidate: b.events)
        }
        return EventParity(
            streams: all.streams, events: all.events,
            verdict: !stable.isEmpty ? .mismatched : moving.isEmpty ? .matched : .inconclusive,
            shards: shards, shardCount: view.shards.count,
            differing: stable.compactMap { stream in
                stream.difference.map {
                    EventParity.Stream(
                        aggregateId: stream.aggregateId, version: $0.version, field: $0.field, expected: $0.expected,
                        candidate: $0.candidate)
                }
            }.sorted { $0.aggregateId < $1.aggregateId },
            undecided: moving.map(\.aggregateId).sorted(),
            reason: moving.lazy.compactMap { stream in stream.fault.map { "\(stream.aggregateId): \($0)" } }.first)
    }

    private func ask(_ question: Question) async throws -> Answer {
        let order = try StableJSON.encode(["compare": question])
        return try await FunctionCall(cloud: view.cloud).json(candidate.names.function("replay"), order, retry: .whenTransient)
    }
}

extension EventComparisonOrder.Answer {
    fileprivate mutating func add(_ other: Self) {
        equal.merge(other.equal, uniquingKeysWith: +)
        streams += other.streams
        events += other.events
        differing += other.differing
    }
}
