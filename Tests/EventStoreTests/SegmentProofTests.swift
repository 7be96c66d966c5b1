import AWS
import EventSourcing
import EventStore
import Synchronization
import TestSupport
import Testing

/// The pass that measures a copy and hands its streams to projectors.
@Suite(.localCloud) struct SegmentProofTests {
    private static let streams = 130
    private static let events = 20

    private func filled() async throws -> StoreFixture {
        let store = try await StoreFixture.make()
        let events = (0..<Self.streams).flatMap { store.events("stream-\($0)-ß", after: 0, count: Self.events) }
        try await store.dynamo.batchPut(store.names.release("r2").events, events.map(\.item))
        return store
    }

    /// What a projector that keeps nothing but positions was given.
    private final class Seen: Sendable {
        let batches = Mutex<[ProjectionBatch]>([])
        var positions: [String] { batches.withLock { $0.flatMap { $0.events.map(\.position) } } }
    }

    private func proof(
        _ store: StoreFixture, _ dynamo: any ItemStore, into seen: Seen,
        failing: @escaping @Sendable (ProjectionBatch) throws -> Void = { _ in }
    ) -> SegmentProof {
        SegmentProof(
            ledger: Ledger(dynamo: dynamo, names: store.names, shards: store.shards), source: "r1", target: "r2", segment: 0, total: 1
        ) { batch in
            try failing(batch)
            seen.batches.withLock { $0.append(batch) }
        }
    }

    private func expectMeasured(_ store: StoreFixture, _ checkpoint: ReplayCheckpoint) async throws {
        var totals = Array(repeating: Totals.zero, count: store.shards.count)
        for event in try await store.contents("r2") { totals[store.shards.shard(of: event.aggregateId)].add(event) }
        for shard in store.shards.all { #expect(checkpoint.progress[shard, default: .zero].source == totals[shard]) }
    }

    @Test func `projectors get each event once, at most fifty streams at a time, and every event is measured`() async throws {
        let store = try await filled()
        let seen = Seen()
        let step = try await proof(store, store.dynamo, into: seen).work(until: .now + .seconds(600))
        #expect(step.checkpoint.finished)
        try await expectMeasured(store, step.checkpoint)
        let positions = seen.positions
        #expect(positions.count == Self.streams * Self.events && Set(positions).count == positions.count)
        #expect(seen.batches.withLock { $0.allSatisfy { $0.streams.count <= 50 && Set($0.streams) == Set($0.events.map(\.aggregateId)) } })
    }

    @Test func `a store without projectors is measured all the same`() async throws {
        let store = try await filled()
        let proof = SegmentProof(ledger: store.ledger, source: "r1", target: "r2", segment: 0, total: 1, project: nil)
        try await expectMeasured(store, try await proof.work(until: .now + .seconds(600)).checkpoint)
    }

    @Test func `a kill costs a thousand events at most, and what was measured before it isn't measured again`() async throws {
        let store = try await filled()
        let whole = MortalStore(store.dynamo)
        _ = try await proof(store, whole, into: Seen()).work(until: .now + .seconds(600))
        try await forget(store)
        for call in stride(from: 2, through: whole.count, by: 2) {
            let killed = Seen()
            do {
                _ = try await proof(store, MortalStore(store.dynamo, dies: (call, call.isMultiple(of: 4))), into: killed)
                    .work(until: .now + .seconds(600))
            } catch is MortalStore.Death {}
            let rest = Seen()
            let step = try await proof(store, store.dynamo, into: rest).work(until: .now + .seconds(600))
            #expect(step.checkpoint.finished)
            try await expectMeasured(store, step.checkpoint)
            let (before, after) = (Set(killed.positions), Set(rest.positions))
            #expect(before.union(after).count == Self.streams * Self.events)
            #expect(before.intersection(after).count <= 1_050, "killed at call \(call)")
            try await forget(store)
        }
    }

    @Test func `a projector's error ends the pass, and the next run goes on before the batch that failed`() async throws {
        struct Poisoned: Error {}
        let store = try await filled()
        let seen = Seen()
        await #expect(throws: Poisoned.self) {
            try await proof(
                store, store.dynamo, into: seen,
                failing: { batch in
                    if batch.streams.contains("stream-77-ß") { throw Poisoned() }
                }
            ).work(until: .now + .seconds(600))
        }
        #expect(!seen.positions.contains("stream-77-ß@1"))
        let step = try await proof(store, store.dynamo, into: seen).work(until: .now + .seconds(600))
        try await expectMeasured(store, step.checkpoint)
        #expect(Set(seen.positions).count == Self.streams * Self.events)
    }

    private func forget(_ store: StoreFixture) async throws {
        try await store.dynamo.batchDelete(
            store.names.release("r2").cursors, keys: [["consumer": .s(CursorKey.proof(of: "r1", segment: 0, of: 1))]])
    }
}
