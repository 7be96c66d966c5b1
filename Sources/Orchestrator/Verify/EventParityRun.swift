import EventSourcing
import EventStore
import Foundation

/// Compares the candidate's events with the transformed live ones: by totals of 4,096 slices, then event by event where a slice differs.
///
/// The candidate's own function does the reading, because it has the transform; only totals and what differs come here. What is committed after the
/// comparison began takes no part, so that live traffic is no difference.
struct EventParityRun: Sendable {
    let view: StackView
    let candidate: ReleaseRecord
    /// Brings the candidate up to date with what was committed before, but for what it returns.
    let settle: @Sendable () async throws -> StoppedStreams
    let sink: ProgressSink

    private static let segments = 4
    private static let secondsPerCall = 5.0
    private static let patience: Duration = .seconds(30)
    /// A command that is under way has dated its events already.
    private static let secondsUnderWay = 5.0
    /// By which a writer's clock may be ahead of this one.
    private static let secondsAhead = 60.0
    /// Events of either side that are listed at a time.
    private static let listed = 10_000
    private static let pairsPerCall = 20
    /// Streams whose first difference is asked for in its fields: each is transformed from its beginning for it.
    private static let explained = 200

    private typealias Question = EventComparisonOrder.Question
    private typealias Answer = EventComparisonOrder.Answer

    func run() async throws -> EventParity {
        sink(.step("events", why: "the candidate's events are compared with what the transform makes of the live ones"))
        let horizon = Timestamp.format(Date() - Self.secondsUnderWay)
        let owners = try await owners()
        _ = try await settle()
        var found = Findings(slices: EventSlices(view.shards))
        (found.expected, found.candidate) = try await look(horizon, counter: Counter())
        found.open = Self.bySize(found.expected, found.candidate)
        while !found.open.isEmpty, found.stable.isEmpty {
            let some = found.next(of: Self.listed)
            found.take(some, try await watch(some, horizon))
        }
        var result = found.parity(
            try await explain(found.firstByStream), ahead: ahead([found.expected.latest, found.candidate.latest].compactMap(\.self).max()))
        if try await self.owners() != owners {
            (result.verdict, result.differing, result.shards) = (.inconclusive, [], [])
            result.reason = "the writes were handed over meanwhile, so that the two sides changed places: compare again"
        }
        sink(
            .done(
                "\(result.verdict.rawValue): \(result.events) events of \(result.streams) streams, \(result.differing.count) streams differ"
            ))
        return result
    }

    /// Who has the writes, and who follows, shard by shard.
    private func owners() async throws -> [String] { try await view.ledger.heads().map { "\($0.owner) \($0.outbox ?? "")" } }

    /// Why nobody can tell of events that are dated in the future.
    private func ahead(_ latest: String?) -> String? {
        guard let latest, latest > Timestamp.format(Date() + Self.secondsAhead) else { return nil }
        return "events are dated in the future, up to \(latest): they weren't compared"
    }

    /// The slices that differ, the smallest first.
    private static func bySize(_ expected: Answer, _ candidate: Answer) -> [Findings.Open] {
        Set(expected.totals.keys).union(candidate.totals.keys).compactMap { slice in
            let (a, b) = (expected.totals[slice, default: .zero], candidate.totals[slice, default: .zero])
            return a == b ? nil : Findings.Open(slice: slice, events: max(a.events, b.events))
        }.sorted { ($0.events, $0.slice) < ($1.events, $1.slice) }
    }

    /// What came of looking into slices.
    private struct Watched {
        var stable: Set<EventDelta> = []
        /// What differed in another way each time.
        var moving: Set<EventDelta> = []
        /// Live streams of which nobody can tell, with the reason.
        var untold: [String: String] = [:]
    }

    /// What differs in these slices is read again until it is equal, or differs in the same way although everything was replicated in between.
    private func watch(_ slices: Set<Int>, _ horizon: String) async throws -> Watched {
        let end = ContinuousClock.now + Self.patience
        var before: Set<EventDelta>?
        var watched = Watched()
        while true {
            let settled = try await settle()
            let stopped = settled.ofReplication
            let (expected, candidate) = try await look(horizon, slices)
            for stream in expected.untold { watched.untold[stream.aggregateId] = stream.reason }
            var now = Set(EventDelta.find(expected: expected.listed, candidate: candidate.listed))
            for delta in now {
                guard let stream = EventPosition(delta.source)?.aggregateId else { continue }
                if watched.untold[stream] != nil {
                    now.remove(delta)
                } else if delta.candidate == nil, let reason = stopped[stream] ?? settled.beyondMemory {
                    watched.untold[stream] = reason
                    now.remove(delta)
                }
            }
            if now.isEmpty {
                (watched.stable, watched.moving) = ([], [])
                return watched
            }
            if let before {
                watched.stable = before.intersection(now)
                watched.moving = now.subtracting(watched.stable)
                if watched.moving.isEmpty || ContinuousClock.now > end { return watched }
            }
            before = now
        }
    }

    /// Reads both sides. `slices`: lists what is in these.
    private func look(
        _ horizon: String, _ slices: Set<Int>? = nil, counter: Counter? = nil
    ) async throws -> (expected: Answer, candidate: Answer) {
        try await withThrowingTaskGroup(of: (side: EventComparisonOrder.Side, answer: Answer).self) { group in
            for segment in 0..<Self.segments {
                for side in [EventComparisonOrder.Side.expected, .candidate] {
                    group.addTask {
                        var question = Question(
                            side: side, segment: segment, total: Self.segments, horizon: horizon, slices: slices,
                            seconds: Self.secondsPerCall)
                        var all = Answer()
                        repeat {
                            let answer: Answer = try await ask(["compare": question])
                            all.add(answer)
                            question.resume = answer.resume
                            if let counter {
                                sink(.count("events compared", done: await counter.add(answer.events), total: 0))
                            }
                        } while question.resume != nil
                        return (side, all)
                    }
                }
            }
            var (expected, candidate) = (Answer(), Answer())
            for try await (side, answer) in group {
                if side == .expected { expected.add(answer) } else { candidate.add(answer) }
            }
            return (expected, candidate)
        }
    }

    /// Where these differ, as far as it can be told.
    private func explain(_ deltas: [EventDelta]) async throws -> [EventParity.Stream] {
        var fields: [EventComparisonOrder.Pair: EventComparisonOrder.Difference] = [:]
        let asked: [EventComparisonOrder.Pair] = Array(deltas.compactMap(\.pair).prefix(Self.explained))
        for pairs in asked.chunks(of: Self.pairsPerCall) {
            let answers: [EventComparisonOrder.Difference?] = try await ask(["explain": pairs])
            for (pair, answer) in zip(pairs, answers) { fields[pair] = answer }
        }
        return deltas.map { delta in
            let found = delta.pair.flatMap { fields[$0] }
            return EventParity.Stream(
                aggregateId: delta.stream, version: delta.version, source: delta.source.isEmpty ? nil : delta.source,
                field: found?.field ?? (delta.pair == nil ? "(event)" : "(content)"),
                expected: found?.expected ?? delta.expected.map(Self.text),
                candidate: found?.candidate ?? delta.candidate.map(Self.text))
        }
    }

    private static func text(_ event: EventComparisonOrder.Event) -> String {
        event.eventId.isEmpty ? "an item that is no event: \(event.type)" : "\(event.type) (id \(event.eventId))"
    }

    private func ask<Order: Encodable, Reply: Decodable>(_ order: Order) async throws -> Reply {
        try await FunctionCall(cloud: view.cloud).json(
            candidate.names.function("replay"), try StableJSON.encode(order), retry: .whenTransient)
    }
}

extension EventParityRun {
    /// What is known so far.
    private struct Findings {
        struct Open {
            var slice: Int
            var events: Int
        }

        let slices: EventSlices
        var expected = EventComparisonOrder.Answer()
        var candidate = EventComparisonOrder.Answer()
        /// Slices that differed and weren't looked into.
        var open: [Open] = []
        /// Slices that differ still.
        private var differing: Set<Int> = []
        private(set) var stable: Set<EventDelta> = []
        private var moving: Set<EventDelta> = []
        private var untold: [String: String] = [:]

        init(slices: EventSlices) { self.slices = slices }

        /// As many slices as have so many events together, one at least.
        mutating func next(of most: Int) -> Set<Int> {
            var events = 0
            let some = open.enumerated().prefix { index, slice in
                events += slice.events
                return index == 0 || events <= most
            }
            open.removeFirst(some.count)
            return Set(some.map(\.element.slice))
        }

        mutating func take(_ some: Set<Int>, _ watched: Watched) {
            stable.formUnion(watched.stable)
            moving.formUnion(watched.moving)
            untold.merge(watched.untold) { first, _ in first }
            let events = watched.stable.flatMap { [$0.expected, $0.candidate] }.compactMap(\.self)
            let still = Set(events.map { slices.slice(of: $0.source, in: $0.stream) })
            differing.formUnion(still)
            // What became equal, or nobody can tell of, is no difference of its shard.
            for slice in some.subtracting(still) { candidate.totals[slice] = expected.totals[slice] }
        }

        /// The first event that differs of each stream.
        var firstByStream: [EventDelta] {
            Dictionary(grouping: stable, by: \.stream).values.compactMap { deltas in
                deltas.min { ($0.version, $0.source) < ($1.version, $1.source) }
            }.sorted { $0.stream < $1.stream }
        }

        private var shards: [EventParity.Shard] {
            let wrong = Set(differing.map(slices.shard(of:))).union(open.map { slices.shard(of: $0.slice) })
            var (a, b) = ([Int: Int](), [Int: Int]())
            for (slice, totals) in expected.totals { a[slices.shard(of: slice), default: 0] += totals.events }
            for (slice, totals) in candidate.totals { b[slices.shard(of: slice), default: 0] += totals.events }
            return wrong.sorted().map { EventParity.Shard(shard: $0, expected: a[$0] ?? 0, candidate: b[$0] ?? 0) }
        }

        func parity(_ found: [EventParity.Stream], ahead: String?) -> EventParity {
            let gaps = candidate.gaps.map { gap in
                EventParity.Stream(
                    aggregateId: gap.aggregateId, version: gap.expected, field: "version", expected: "\(gap.expected)",
                    candidate: "\(gap.found)")
            }
            let streams = found + gaps.filter { gap in !found.contains { $0.aggregateId == gap.aggregateId } }
            let untold = untold.merging((expected.untold + candidate.untold).map { ($0.aggregateId, $0.reason) }) { first, _ in first }
            let undecided = Set(untold.keys).union(moving.map(\.stream))
            let reason = untold.min { $0.key < $1.key }.map { "\($0.key): \($0.value)" } ?? (moving.isEmpty ? ahead : nil)
            return EventParity(
                streams: expected.streams, events: expected.events,
                verdict: !streams.isEmpty ? .mismatched : undecided.isEmpty && ahead == nil ? .matched : .inconclusive,
                shards: streams.isEmpty ? [] : shards, shardCount: slices.shardCount, differing: streams, undecided: undecided.sorted(),
                waiting: expected.waiting.isEmpty ? nil : expected.waiting,
                notLookedInto: open.isEmpty ? nil : .init(slices: open.count, events: open.reduce(0) { $0 + $1.events }), reason: reason)
        }
    }
}

extension StoppedStreams {
    /// Why of any stream nobody can tell whether it is stopped; `nil` where all that are stopped are known by name.
    fileprivate var beyondMemory: String? {
        isWhole ? nil : "more streams are stopped than are told apart: \(summary)"
    }

    /// Live streams of which not everything could be carried into the candidate, with the reason.
    fileprivate var ofReplication: [String: String] {
        reasons.reduce(into: [:]) { streams, stop in
            if case .replication = stop.key.place { streams[stop.key.aggregateId] = stop.value }
        }
    }
}
