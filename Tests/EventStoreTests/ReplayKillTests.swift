import AWS
import EventSourcing
import EventStore
import TestSupport
import Testing

/// A worker that dies at any of its calls: the next one goes on, and reads no page twice but the one that was under way.
@Suite(.localCloud) struct ReplayKillTests {
    private func worker(_ store: StoreFixture, _ dynamo: any ItemStore, _ transform: AnyTransform) -> SegmentReplay {
        SegmentReplay(
            ledger: Ledger(dynamo: dynamo, names: store.names, shards: store.shards), source: "r1", target: "r2", segment: 0, total: 1,
            transform: transform)
    }

    @Test(arguments: ["identity", "splitStreams"])
    func `a kill at one call in five, before it or with its answer lost, costs one page at most and counts nothing twice`(name: String)
        async throws
    {
        let transform = AnyTransform(name, SampleRules.all[name] ?? [])
        let store = try await StoreFixture.make()
        for stream in 0..<5 {
            let events = store.events("stream-\(stream)", after: 0, count: 8).map { event in
                var event = event
                event.data = #"{"n":\#(event.version),"pad":"\#(String(repeating: "x", count: 60_000))"}"#
                return event
            }
            try await store.dynamo.batchPut(store.names.release("r1").events, events.map(\.item))
        }
        let whole = MortalStore(store.dynamo)
        let wanted = try await worker(store, whole, transform).run(until: .now + .seconds(600))
        let copied = try await store.contents("r2")
        #expect(wanted.finished && whole.pages.count >= 3)

        // Each fifth call, by turns before it and with its answer lost.
        var kills = 0
        for call in stride(from: 1, through: whole.count, by: 5) {
            let cursors = try await store.dynamo.scan(DynamoDB.ScanRequest(table: store.names.release("r2").cursors)).items
            try await store.dynamo.batchDelete(
                store.names.release("r2").cursors, keys: cursors.map { $0.filter { $0.key == "consumer" } })
            let first = MortalStore(store.dynamo, dies: (call, call.isMultiple(of: 2)))
            do {
                _ = try await worker(store, first, transform).run(until: .now + .seconds(600))
                // Pages are larger where they are fast, so that another run may have fewer calls.
                continue
            } catch is MortalStore.Death { kills += 1 }
            let second = MortalStore(store.dynamo)
            let end = try await worker(store, second, transform).run(until: .now + .seconds(600))
            #expect(end.progress == wanted.progress && end.finished)
            // The page that was written, and the one that was read meanwhile.
            #expect(Set(first.pages.dropLast(2)).isDisjoint(with: second.pages), "killed at call \(call)")
            #expect(Set(second.pages).count == second.pages.count, "killed at call \(call)")
        }
        #expect(kills > 2)
        #expect(try await store.contents("r2") == copied)
    }
}
