import AWS
import EventSourcing
import EventStore
import Synchronization
import TestSupport
import Testing

/// Several batches and a page read ahead are on their way at once: what that must not change.
@Suite(.localCloud) struct ReplayOrderTests {
    private struct Lost: Error {}

    /// Pages of about 1 MB, of streams of seven events.
    private func fill(_ store: StoreFixture, streams: Int = 50) async throws {
        for stream in 0..<streams {
            let events = store.events("s\(stream)", after: 0, count: 7).map { event in
                var event = event
                event.data = #"{"n":\#(event.version),"pad":"\#(String(repeating: "\"x\\\"", count: 1_000))"#
                return event
            }
            try await store.dynamo.batchPut(store.names.release("r1").events, events.map(\.item))
        }
    }

    private func replay(_ store: StoreFixture, through hooked: HookedStore, _ transform: AnyTransform = .identity) async throws
        -> ReplayCheckpoint
    {
        try await SegmentReplay(
            ledger: Ledger(dynamo: hooked, names: store.names, shards: store.shards), source: "r1", target: "r2", segment: 0, total: 1,
            transform: transform
        ).run(until: .now + .seconds(600))
    }

    @Test func `a checkpoint is written when every write that it covers is confirmed, and at most so many are on their way`() async throws {
        struct State {
            var inFlight = 0
            var most = 0
            var confirmed = 0
            var covered: [(checkpoint: Int, confirmed: Int, inFlight: Int)] = []
        }
        let store = try await StoreFixture.make()
        try await fill(store)
        let events = store.names.release("r2").events
        let state = Mutex(State())
        let hooked = HookedStore(store.dynamo) { writes in
            state.withLock { state in
                if writes[0].table == events {
                    state.inFlight += 1
                    state.most = max(state.most, state.inFlight)
                } else if let item = writes[0].putItem {
                    state.covered.append((ReplayCheckpoint(item: item).events, state.confirmed, state.inFlight))
                }
            }
            // Confirmations come in another order than the writes.
            if writes[0].table == events, writes.count.isMultiple(of: 2) { for _ in 0..<50 { await Task.yield() } }
        } after: { writes in
            guard writes[0].table == events else { return }
            state.withLock { state in
                state.inFlight -= 1
                state.confirmed += writes.count
            }
        }
        let checkpoint = try await replay(store, through: hooked)
        #expect(checkpoint.events == 350)
        let seen = state.withLock { $0 }
        #expect(seen.covered.count == checkpoint.pages && checkpoint.pages > 1)
        for page in seen.covered { #expect(page.checkpoint == page.confirmed && page.inFlight == 0) }
        #expect((2...8).contains(seen.most))
    }

    @Test(arguments: [1, 3, 9])
    func `a lost write keeps its page's checkpoint from being written, and the next run writes the same`(lost: Int) async throws {
        let store = try await StoreFixture.make()
        try await fill(store)
        let events = store.names.release("r2").events
        let count = Mutex(0)
        let hooked = HookedStore(store.dynamo) { writes in
            guard writes[0].table == events else { return }
            if count.withLock({ count in
                count += 1
                return count == lost
            }) {
                throw Lost()
            }
        }
        await #expect(throws: Lost.self) { try await replay(store, through: hooked) }
        let cursors = store.names.release("r2").cursors
        let key: Item = ["consumer": .s(CursorKey.replay(of: "r1", segment: 0, of: 1))]
        let stopped = try await store.dynamo.getItem(cursors, key).map(ReplayCheckpoint.init(item:))
        #expect((stopped?.events ?? 0) < 350)
        let checkpoint = try await replay(store, through: HookedStore(store.dynamo))
        #expect(checkpoint.events == 350 && checkpoint.proven == 350)
        try await expectCopied(store, checkpoint)
    }

    @Test func `within a page a checkpoint follows every thousand events, and the next run goes on from it`() async throws {
        let store = try await StoreFixture.make()
        let source = (0..<110).flatMap { store.events("s\($0)", after: 0, count: 20) }
        try await store.dynamo.batchPut(store.names.release("r1").events, source.map(\.item))
        let (events, cursors) = (store.names.release("r2").events, store.names.release("r2").cursors)
        let count = Mutex(0)
        let dying = HookedStore(store.dynamo) { writes in
            guard writes[0].table == events else { return }
            let written = count.withLock { count in
                count += writes.count
                return count
            }
            // In the second page, which has twice as many as the first.
            if written > 2_100 { throw Lost() }
        }
        await #expect(throws: Lost.self) { try await replay(store, through: dying) }
        let key: Item = ["consumer": .s(CursorKey.replay(of: "r1", segment: 0, of: 1))]
        let stopped = try #require(try await store.dynamo.getItem(cursors, key).map(ReplayCheckpoint.init(item:)))
        #expect((1_900...2_100).contains(stopped.events))
        let covered = Mutex([stopped.events])
        let checkpoint = try await replay(
            store,
            through: HookedStore(store.dynamo) { writes in
                guard case .put(let item) = writes[0].action, writes[0].table == cursors else { return }
                covered.withLock { $0.append(ReplayCheckpoint(item: item).events) }
            })
        #expect(checkpoint.events == 2_200)
        for (before, after) in zip(covered.withLock { $0 }, covered.withLock { $0.dropFirst() }) { #expect(after - before <= 1_040) }
        try await expectCopied(store, checkpoint)
    }

    @Test func `pages stay as large as they are where the store is slow but refuses nothing`() async throws {
        let store = try await StoreFixture.make()
        try await fill(store, streams: 100)
        var scan = DynamoDB.ScanRequest(table: store.names.release("r1").events)
        var pages = 0
        repeat {
            scan.startKey = try await store.dynamo.scan(scan).lastKey
            pages += 1
        } while scan.startKey != nil
        let time = ShiftedClock()
        let events = store.names.release("r2").events
        let slow = HookedStore(store.dynamo, clock: time.clock) { if $0[0].table == events { time.jump(10) } }
        let checkpoint = try await replay(store, through: slow)
        #expect(checkpoint.finished && checkpoint.pages == pages && pages > 2)
    }

    @Test func `a checkpoint that was removed with the copy is not brought back by a worker that is late`() async throws {
        let store = try await StoreFixture.make()
        try await fill(store)
        let names = store.names.release("r2")
        let key: Item = ["consumer": .s(CursorKey.replay(of: "r1", segment: 0, of: 1))]
        let isRemoved = Mutex(false)
        let hooked = HookedStore(store.dynamo) { writes in
            guard writes[0].table == names.events, try await store.dynamo.getItem(names.cursors, key) != nil else { return }
            let isFirst = isRemoved.withLock { removed in
                defer { removed = true }
                return !removed
            }
            guard isFirst else { return }
            let copied = try await store.dynamo.scan(.init(table: names.events)).items
            try await store.dynamo.batchDelete(
                names.events, keys: copied.map { $0.filter { ["aggregateId", "version"].contains($0.key) } })
            try await store.dynamo.batchDelete(names.cursors, keys: [key])
        }
        let checkpoint = try await replay(store, through: hooked)
        #expect(isRemoved.withLock { $0 })
        try await expectCopied(store, checkpoint)
    }

    @Test func `two workers on one segment count nothing twice`() async throws {
        let store = try await StoreFixture.make()
        try await fill(store)
        async let one = replay(store, through: HookedStore(store.dynamo))
        async let other = replay(store, through: HookedStore(store.dynamo))
        let checkpoints = try await [one, other]
        for checkpoint in checkpoints { #expect(checkpoint.finished && checkpoint.events == 350) }
        try await expectCopied(store, checkpoints[0])
    }

    @Test func `an identity replay decodes no data: what is no JSON is copied, byte for byte`() async throws {
        let store = try await StoreFixture.make()
        let texts = ["{", "\u{0}\u{1f}\"\\/", "ß🌍e\u{301}", #"{"a":"\u00e9"}"#, String(repeating: "\\\"", count: 50_000)]
        let events = texts.enumerated().map { index, text in
            var event = store.events("s", after: index)[0]
            event.data = text
            return event
        }
        try await store.dynamo.batchPut(store.names.release("r1").events, events.map(\.item))
        try await expectCopied(store, store.replay())
        #expect(try await store.reader("r2").load("s").map(\.data) == texts)
    }

    @Test func `a long stream is copied in order, whether its events are decoded or not`() async throws {
        for transform in [AnyTransform.identity, AnyTransform("kept", [.renameEvent("Other", to: "Another")])] {
            let store = try await StoreFixture.make()
            let events = store.events("s", after: 0, count: 2_500)
            try await store.dynamo.batchPut(store.names.release("r1").events, events.map(\.item))
            try await expectCopied(store, store.replay(transform))
        }
    }

    /// The target holds copies of what the source holds, and the checkpoint counted both.
    private func expectCopied(_ store: StoreFixture, _ checkpoint: ReplayCheckpoint, sourceLocation: SourceLocation = #_sourceLocation)
        async throws
    {
        let source = try await store.contents("r1")
        let expected = source.map { event in
            var copy = event
            (copy.epoch, copy.from, copy.source) = (0, "r1", event.position)
            return copy
        }
        #expect(try await store.contents("r2") == expected, sourceLocation: sourceLocation)
        let totals = Totals(of: source)
        let progress = checkpoint.progress.values
        #expect(progress.reduce(Totals.zero) { $0 + $1.source } == totals, sourceLocation: sourceLocation)
        #expect(progress.flatMap(\.targets.values).reduce(Totals.zero, +) == totals, sourceLocation: sourceLocation)
    }
}

extension Write {
    fileprivate var putItem: Item? { if case .put(let item) = action { item } else { nil } }
}
