import AWS
import EventSourcing
import EventStore
import Synchronization
import TestSupport
import Testing

/// Transforms and sources that stop a replay: the source event is named, and the live release is as it was.
@Suite(.localCloud) struct BadTransformTests {
    /// Runs the replay, which must stop, and returns why.
    private func stop(_ rules: Rules, _ store: StoreFixture) async throws -> TransformFailed? {
        try await store.cut()
        let before = try await store.contents("r1")
        let error = await #expect(throws: TransformFailed.self) { try await store.replay(AnyTransform("bad", rules)) }
        #expect(try await store.contents("r1") == before)
        #expect(error?.description.contains("The live release is untouched") == true)
        #expect(error?.description.contains("deploy again") == true)
        return error
    }

    @Test func `two streams that come to one key without an order are named`() async throws {
        let store = try await StoreFixture.make()
        for stream in ["a", "b"] { try await store.append(stream, after: 0, count: 2) }
        let error = try #require(try await stop([.renameStream(by: { _ in "one" })], store))
        #expect(["a@1", "b@1"].contains(error.position))
        #expect(error.reason.contains("it goes to stream 'one', which stream '\(error.position == "a@1" ? "b" : "a")' feeds already"))
    }

    @Test func `a stream that takes another's name without an order is named`() async throws {
        let store = try await StoreFixture.make()
        for stream in ["a", "b"] { try await store.append(stream, after: 0) }
        let error = try #require(try await stop([.renameStream(by: { $0 == "a" ? "b" : $0 })], store))
        #expect(error.reason.contains("it goes to stream 'b'"))
    }

    @Test func `two streams that come to one key in the tail stop the second`() async throws {
        let rules: Rules = [.renameStream(by: { String($0.prefix(1)) })]
        let store = try await StoreFixture.make()
        try await store.append("a1", after: 0)
        try await store.cut()
        _ = try await store.replay(AnyTransform("names", rules))
        try await store.append("a2", after: 0)
        let result = try await OutboxSweep(replicator: store.replicator(from: "r1", to: "r2", rules.forward)).run(store.shards.all)
        #expect(result.failures.keys.sorted() == ["a2"])
        #expect(result.failures["a2"]?.contains("stream 'a', which stream 'a1' feeds already") == true)
    }

    /// Another number at each call.
    private final class Counter: Sendable {
        private let calls = Mutex(0)
        var next: Int {
            calls.withLock { count in
                count += 1
                return count
            }
        }
    }

    @Test func `a transform that isn't deterministic is found out`() async throws {
        let counter = Counter()
        let store = try await StoreFixture.make()
        try await store.append("a", after: 0)
        let error = try await stop([.on("Happened", [.add("call", from: { _ in .string(String(counter.next)) })])], store)
        #expect(error?.position == "a@1")
        #expect(error?.reason.contains("converted twice it gives different events") == true)
    }

    private struct Closed: EventPayload {
        var calls = 0
    }

    @Test func `an end of a stream that isn't deterministic is found out`() async throws {
        let counter = Counter()
        let store = try await StoreFixture.make()
        try await store.append("a", after: 0, count: 3)
        let error = try await stop([.summarise(as: Closed()) { closed, _ in closed.calls = counter.next }], store)
        #expect(error?.position == "a@3")
        #expect(error?.reason.contains("differs from one time to the next") == true)
    }

    @Test func `an order of merged streams that isn't deterministic is found out`() async throws {
        let counter = Counter()
        let store = try await StoreFixture.make()
        try await store.append("a", after: 0)
        let error = try await stop([.mergeStreams(by: { _ in "one" }, orderedBy: { _ in String(counter.next) })], store)
        #expect(error?.position == "a@1")
        #expect(error?.reason.contains("different places") == true)
    }

    @Test func `an event over 400 KB is named by its source`() async throws {
        let store = try await StoreFixture.make()
        try await store.append("a", after: 0, count: 2)
        let error = try await stop(
            [.on("Happened", [.add("pad", from: { .string(String(repeating: "x", count: $0["n"] == 2 ? 400_000 : 1)) })])], store)
        #expect(error?.position == "a@2")
        #expect(error?.eventId == EventID.of(command: "c-0", aggregateId: "a", index: 1))
    }

    @Test func `items of the source that are no events are listed and counted`() async throws {
        let store = try await StoreFixture.make()
        try await store.append("a", after: 0, count: 2)
        try await store.cut()
        let odd: [Item] = [
            ["aggregateId": .s("odd"), "version": .int(1), "data": .s("{}")],
            ["aggregateId": .s("odd"), "version": .int(2), "eventId": .int(7)],
        ]
        try await store.dynamo.batchPut(store.names.release("r1").events, odd)
        let error = await #expect(throws: OddSource.self) { try await store.replay() }
        #expect(error?.count == 2)
        #expect(error?.items.map(\.key).sorted() == ["odd@1", "odd@2"])
        try await store.dynamo.batchDelete(
            store.names.release("r1").events, keys: odd.map { $0.filter { ["aggregateId", "version"].contains($0.key) } })
        #expect(try await store.replay().events == 2)
    }

    @Test func `a way back that fails is named by the event that it failed on`() async throws {
        let store = try await StoreFixture.make()
        try await store.append("a", after: 0, count: 2)
        let error = try await stop(
            [.on("Happened", [.update("n", by: { $0 }, back: { if $0 == 2 { throw Refused() } else { $0 } })])], store)
        #expect(error?.position == "a@2")
        #expect(error?.reason.contains("its way back failed") == true)
    }

    private struct Refused: Error {}

    @Test func `a way back that loses is counted by type, stream by stream`() async throws {
        let rules: Rules = [
            .mergeEvents(["Begun", "Happened"], into: "Done", by: { $0[1] }, back: { [$0, $0] }),
            .on("Done", become: "Done2"),
        ]
        let store = try await StoreFixture.make()
        try await store.append("a", after: 0, count: 1)
        let error = try await stop(rules, store)
        #expect(error?.reason == "no 'Begun' came before it in its stream")
        let lossy: Rules = [.fold([String](), { _, _ in .keep }, back: { event, _ in event.version == 1 ? .drop : .keep })]
        let checkpoint = try await store.replay(AnyTransform("lossy", lossy))
        #expect(checkpoint.proven == 0 && checkpoint.unproven == ["Happened": 1])
    }
}
