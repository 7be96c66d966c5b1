import AWS
import EventSourcing
import EventStore
import Synchronization
import TestSupport
import Testing

/// Streams that take longer than a worker's time, or than one checkpoint lasts.
@Suite(.localCloud) struct LongStreamTests {
    private static let length = 2_600
    /// What a worker writes between two checkpoints, and what may be written of the page's other streams meanwhile.
    private static let most = 1_100

    private static let transforms: [String: AnyTransform] = {
        var all = SampleRules.all.mapValues { AnyTransform("long", $0) }
        all["identity"] = .identity
        all["rename"] = AnyTransform("long", [.on("Happened", [.rename("n", to: "number")])])
        return all
    }()

    private func filled() async throws -> StoreFixture {
        let store = try await StoreFixture.make()
        for (stream, count) in [("a", 3), ("long-ß", Self.length), ("z", 4)] {
            let events = store.events(stream, after: 0, count: count, command: "c")
            try await store.dynamo.batchPut(store.names.release("r1").events, events.map(\.item))
        }
        return store
    }

    private func worker(_ store: StoreFixture, _ dynamo: any ItemStore, _ transform: AnyTransform) -> SegmentReplay {
        SegmentReplay(
            ledger: Ledger(dynamo: dynamo, names: store.names, shards: store.shards), source: "r1", target: "r2", segment: 0, total: 1,
            transform: transform)
    }

    /// Workers that have no time follow each other until `finished`; returns the events written by each, and their last checkpoint.
    private func relay(
        _ store: StoreFixture, _ work: (any ItemStore) async throws -> ReplayCheckpoint
    ) async throws -> (written: [Int], last: ReplayCheckpoint) {
        let events = store.names.release("r2").events
        var written: [Int] = []
        while true {
            let count = Mutex(0)
            let counting = HookedStore(store.dynamo) { writes in
                if writes[0].table == events { count.withLock { $0 += writes.count } }
            }
            let checkpoint = try await work(counting)
            written.append(count.withLock { $0 })
            if checkpoint.finished || written.count > 50 { return (written, checkpoint) }
        }
    }

    @Test(arguments: transforms.keys.sorted())
    func `a worker goes on in the middle of a stream: each event is written once, and counted once`(name: String) async throws {
        let transform = try #require(Self.transforms[name])
        let whole = try await filled()
        let wanted = try await worker(whole, whole.dynamo, transform).run(until: .now + .seconds(600))
        let store = try await filled()
        let (written, last) = try await relay(store) { try await worker(store, $0, transform).run(until: .now) }
        #expect(last.finished && written.count >= 3)
        let copies = try await store.contents("r2")
        #expect(written.reduce(0, +) == copies.count)
        let perEvent = name == "splitEvents" ? 2 : 1
        #expect((written.max() ?? 0) <= Self.most * perEvent)
        #expect(copies == (try await whole.contents("r2")))
        #expect(last.progress == wanted.progress)
        #expect(last.proven == wanted.proven && last.unproven == wanted.unproven)
        #expect(last.proven + last.unproven.values.reduce(0, +) >= (transform.reverse == nil ? 0 : Self.length))
    }

    @Test func `an item that is no event behind where a worker stopped is set aside by the next one`() async throws {
        let store = try await StoreFixture.make()
        let source = store.names.release("r1").events
        try await store.dynamo.batchPut(source, store.events("long", after: 0, count: 600, command: "c").map(\.item))
        try await store.dynamo.write(.update(source, ["aggregateId": "long", "version": .int(450)], "REMOVE #data"))
        let worker = SegmentReplay(
            ledger: store.ledger, source: "r1", target: "r2", segment: 0, total: 1,
            transform: AnyTransform("long", SampleRules.runningSum), quarantines: true)
        // With an allowance the stretches are short.
        let first = try await worker.work(until: .now, pace: ReplayPace(unitsPerSecond: 100)).checkpoint
        #expect(!first.finished && (1..<450).contains(first.events))
        let last = try await worker.run(until: .now + .seconds(600))
        #expect(last.finished && last.events == 449 && last.itemsSetAside == 151)
        #expect(try await store.reader("r2").load("long").count == 449)
    }

    @Test func `a worker without the time to transform a stream's earlier events once more says so, and loses nothing`() async throws {
        let store = try await filled()
        let transform = AnyTransform("long", SampleRules.runningSum)
        var checkpoint = try await worker(store, store.dynamo, transform).run(until: .now)
        #expect(!checkpoint.finished && checkpoint.events > 1_000)
        let error = await #expect(throws: TooSlow.self) {
            try await worker(store, store.dynamo, transform).work(until: .now, pace: ReplayPace(giveUp: .now))
        }
        #expect(error?.description.contains("in stream 'long-ß' after version") == true)
        #expect(error?.description.contains("to transform these once more takes longer than a function may run") == true)
        checkpoint = try await worker(store, store.dynamo, transform).run(until: .now + .seconds(600))
        #expect(checkpoint.finished && checkpoint.events == Self.length + 7)
    }

    @Test func `a merged stream is numbered on from where a worker left it`() async throws {
        let store = try await StoreFixture.make()
        for stream in ["long/1", "long/2", "short/1"] {
            let events = store.events(stream, after: 0, count: stream == "short/1" ? 3 : 1_300, command: "c")
            try await store.dynamo.batchPut(store.names.release("r1").events, events.map(\.item))
        }
        let transform = AnyTransform("merging", SampleRules.mergeStreams)
        let (_, staged) = try await relay(store) { try await worker(store, $0, transform).run(until: .now) }
        #expect(staged.staged.events == 2_603)
        let (written, last) = try await relay(store) {
            try await MergeReplay(
                ledger: Ledger(dynamo: $0, names: store.names, shards: store.shards), source: "r1", target: "r2", segment: 0, total: 1
            ).run(until: .now)
        }
        #expect(written.count >= 3 && written.reduce(0, +) == 2_603 && (written.max() ?? 0) <= Self.most)
        #expect(last.staged == staged.staged)
        try await store.expectNoGaps("r2")
        let numbers = try await store.reader("r2").load("long").map { try Value.parse($0.data)["n"]?.decode(Int.self) ?? 0 }
        #expect(numbers.count == 2_600 && numbers == numbers.sorted())
    }
}
