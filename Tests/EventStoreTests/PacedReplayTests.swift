import AWS
import EventSourcing
import Synchronization
import TestSupport
import Testing

@testable import EventStore

/// A replay on tables that refuse, and with an allowance.
@Suite(.localCloud) struct PacedReplayTests {
    private func work(
        _ store: StoreFixture, unitsPerSecond: Double? = nil, seconds: Double = 86_400, giveUp: Double? = nil
    ) async throws -> ReplayStep {
        try await SegmentReplay(ledger: store.ledger, source: "r1", target: "r2", segment: 0, total: 1, transform: .identity).work(
            until: .now + .seconds(seconds),
            pace: ReplayPace(unitsPerSecond: unitsPerSecond, giveUp: giveUp.map { .now + .seconds($0) }))
    }

    private func fill(_ store: StoreFixture, streams: Int, eventsEach: Int, size: Int = 20) async throws {
        for stream in 0..<streams {
            let events = store.events("stream-\(stream)", after: 0, count: eventsEach).map { event in
                var event = event
                event.data = #"{"pad":"\#(String(repeating: "x", count: size))"}"#
                return event
            }
            try await store.dynamo.batchPut(store.names.release("r1").events, events.map(\.item))
        }
    }

    private func expectCopied(_ store: StoreFixture, _ step: ReplayStep, events: Int) async throws {
        #expect(step.checkpoint.finished && step.checkpoint.events == events)
        let copied = try await store.contents("r2")
        #expect(copied.count == events)
        #expect(copied.map(\.position) == (try await store.contents("r1")).map(\.position))
    }

    @Test(arguments: [ThrottlingTransport.Refusal.whole, .half])
    func `a table that takes three writes at a time gets all events, from no more writers than it takes for long`(
        refusal: ThrottlingTransport.Refusal
    ) async throws {
        let transport = ThrottlingTransport { operation, underWay, _ in operation == "BatchWriteItem" && underWay > 3 ? refusal : nil }
        let store = try await StoreFixture.make(transport: transport)
        try await fill(store, streams: 40, eventsEach: 50)
        let before = transport.seen
        let step = try await work(store)
        try await expectCopied(store, step, events: 2_000)
        let refused = transport.seen.refused - before.refused
        #expect(step.effort.refusals == refused)
        #expect(refused > 0, "it never tried for more")
        // Two thousand events are 80 batches; each climb from 2 to 4 writers costs at most a handful of refusals.
        #expect(refused < 80)
        #expect(transport.seen.width <= 5)
        #expect(step.mostWriters == WriteFlow.mostWriters)
    }

    @Test func `scans, checkpoints and claims that are refused are sent again`() async throws {
        let refused = Mutex(0)
        let transport = ThrottlingTransport { operation, _, number in
            guard ["Scan", "Query", "PutItem", "BatchGetItem"].contains(operation), number.isMultiple(of: 2) else { return nil }
            refused.withLock { $0 += 1 }
            return .whole
        }
        let store = try await StoreFixture.make(transport: transport)
        try await fill(store, streams: 3, eventsEach: 30, size: 20_000)
        let step = try await work(store)
        try await expectCopied(store, step, events: 90)
        #expect(refused.withLock { $0 } > 0)
    }

    @Test func `a table that takes nothing for a while is waited for, and the page is given up in time`() async throws {
        let isShut = Mutex(true)
        let transport = ThrottlingTransport { operation, _, _ in
            operation == "BatchWriteItem" && isShut.withLock { $0 } ? .whole : nil
        }
        let store = try await StoreFixture.make(transport: transport)
        isShut.withLock { $0 = false }
        try await fill(store, streams: 10, eventsEach: 10)
        isShut.withLock { $0 = true }
        let waiting = try await work(store, giveUp: 5)
        #expect(!waiting.checkpoint.finished && waiting.checkpoint.events == 0)
        #expect(waiting.effort.refusals > 0 && waiting.writers == 1)
        isShut.withLock { $0 = false }
        try await expectCopied(store, try await work(store), events: 100)
    }

    @Test func `a worker that got somewhere before it gave up leaves pages as large as they were`() async throws {
        let written = Mutex(0)
        let takes = Mutex(Int.max)
        let transport = ThrottlingTransport { operation, _, _ in
            guard operation == "BatchWriteItem" else { return nil }
            let number = written.withLock {
                $0 += 1
                return $0
            }
            return number > takes.withLock { $0 } ? .whole : nil
        }
        let store = try await StoreFixture.make(transport: transport)
        try await fill(store, streams: 1, eventsEach: 2_600)
        // As many as the first stretch of the stream takes.
        written.withLock { $0 = 0 }
        takes.withLock { $0 = 40 }
        let stopped = try await work(store, giveUp: 10)
        #expect(!stopped.checkpoint.finished && stopped.checkpoint.events == 1_000)
        #expect(stopped.checkpoint.pageItems ?? .max >= PageSize.first)
        takes.withLock { $0 = .max }
        try await expectCopied(store, try await work(store), events: 2_600)
    }

    @Test func `an allowance is kept over workers that follow each other, and pages are small enough for it`() async throws {
        let store = try await StoreFixture.make()
        // One write unit an event; a page has at most 400 of them.
        try await fill(store, streams: 30, eventsEach: 20)
        let start = ContinuousClock.now
        var step = try await work(store, unitsPerSecond: 200, seconds: 0.3, giveUp: 20)
        var units = step.effort.units
        var workers = 1
        while !step.checkpoint.finished, workers < 200 {
            step = try await work(store, unitsPerSecond: 200, seconds: 0.3, giveUp: 20)
            units += step.effort.units
            workers += 1
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        try await expectCopied(store, step, events: 600)
        #expect(units >= 600)
        #expect(workers > 1)
        // The last batch and the last checkpoint may be written when the one before them has had its time.
        #expect(Double(units - 26) <= 200 * seconds)
    }
}
