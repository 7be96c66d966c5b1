import AWS
import EventSourcing
import EventStore
import Synchronization
import TestSupport
import Testing

/// A worker that dies at any of its calls: the next one goes on, and reads no page twice but the one that was under way.
@Suite struct ReplayKillTests {
    private struct Killed: Error {}

    /// Dies at one call, before it or with its answer lost, and notes which pages were asked for.
    private final class DyingStore: ItemStore {
        private let base: any ItemStore
        private let dies: (call: Int, afterwards: Bool)?
        private let state = Mutex((calls: 0, pages: [Item?]()))

        init(_ base: any ItemStore, dies: (call: Int, afterwards: Bool)? = nil) { (self.base, self.dies) = (base, dies) }

        var calls: Int { state.withLock { $0.calls } }
        var pages: [Item?] { state.withLock { $0.pages } }
        var clock: ClientClock { base.clock }

        private func call<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
            let number = state.withLock { state in
                state.calls += 1
                return state.calls
            }
            guard let dies, dies.call <= number else { return try await body() }
            // Once dead it stays dead: the calls beside the fatal one don't arrive either.
            if dies.call == number, dies.afterwards { _ = try await body() }
            throw Killed()
        }

        func getItem(_ table: String, _ key: Item, consistent: Bool, attributes: [String]?) async throws -> Item? {
            try await call { try await base.getItem(table, key, consistent: consistent, attributes: attributes) }
        }
        func write(_ write: Write) async throws -> Item? { try await call { try await base.write(write) } }
        func transact(_ writes: [Write], token: String?) async throws { try await call { try await base.transact(writes, token: token) } }
        func query(_ request: DynamoDB.QueryRequest) async throws -> DynamoDB.Page { try await call { try await base.query(request) } }
        func scan(_ request: DynamoDB.ScanRequest) async throws -> DynamoDB.Page {
            state.withLock { $0.pages.append(request.startKey) }
            return try await call { try await base.scan(request) }
        }
        func batchGet(_ table: String, keys: [Item], consistent: Bool) async throws -> [Item] {
            try await call { try await base.batchGet(table, keys: keys, consistent: consistent) }
        }
        func batchPut(_ table: String, _ items: [Item]) async throws { try await call { try await base.batchPut(table, items) } }
        func putBatch(_ table: String, _ items: [Item]) async throws -> [Item] { try await call { try await base.putBatch(table, items) } }
        func batchDelete(_ table: String, keys: [Item]) async throws { try await call { try await base.batchDelete(table, keys: keys) } }
    }

    private func worker(_ store: StoreFixture, _ dynamo: any ItemStore, _ transform: AnyTransform) -> SegmentReplay {
        SegmentReplay(
            ledger: Ledger(dynamo: dynamo, names: store.names, shards: store.shards), source: "r1", target: "r2", segment: 0, total: 1,
            transform: transform)
    }

    @Test(arguments: ["identity", "splitStreams"])
    func `a kill at any call costs one page at most, and nothing is lost or counted twice`(name: String) async throws {
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
        let whole = DyingStore(store.dynamo)
        let wanted = try await worker(store, whole, transform).run(until: .now + .seconds(60))
        let copied = try await store.contents("r2")
        #expect(wanted.finished && whole.pages.count >= 3)

        // Each fifth call, by turns before it and with its answer lost.
        var kills = 0
        for call in stride(from: 1, through: whole.calls, by: 5) {
            let cursors = try await store.dynamo.scan(DynamoDB.ScanRequest(table: store.names.release("r2").cursors)).items
            try await store.dynamo.batchDelete(
                store.names.release("r2").cursors, keys: cursors.map { $0.filter { $0.key == "consumer" } })
            let first = DyingStore(store.dynamo, dies: (call, call.isMultiple(of: 2)))
            do {
                _ = try await worker(store, first, transform).run(until: .now + .seconds(60))
                // Pages are larger where they are fast, so that another run may have fewer calls.
                continue
            } catch is Killed { kills += 1 }
            let second = DyingStore(store.dynamo)
            let end = try await worker(store, second, transform).run(until: .now + .seconds(60))
            #expect(end.progress == wanted.progress && end.finished)
            // The page that was written, and the one that was read meanwhile.
            #expect(Set(first.pages.dropLast(2)).isDisjoint(with: second.pages), "killed at call \(call)")
            #expect(Set(second.pages).count == second.pages.count, "killed at call \(call)")
        }
        #expect(kills > 2)
        #expect(try await store.contents("r2") == copied)
    }
}
