import AWS
import EventSourcing
import EventStore
import TestSupport
import Testing

/// A candidate that lost or changed what was copied into it.
@Suite(.localCloud) struct StreamRepairTests {
    private func repair(_ store: StoreFixture, _ mapping: Mapping, shards: Set<Int>) async throws -> (
        events: Int, units: Int, positions: [String]
    ) {
        let repair = StreamRepair(ledger: store.ledger, source: "r1", target: "r2", by: mapping)
        var order = StreamRepair.Order(shards: shards, segment: 0, total: 1, seconds: 0)
        var (events, units, positions, calls) = (0, 0, [String](), 0)
        repeat {
            let answer = try await repair.answer(order, until: .now)
            (events, units, positions) = (events + answer.events, units + answer.units, positions + answer.positions)
            order.resume = answer.resume
            calls += 1
        } while order.resume != nil && calls < 1_000
        return (events, units, positions.sorted())
    }

    private func table(_ store: StoreFixture) -> String { store.names.release("r2").events }
    private func key(_ event: StoredEvent) -> Item { ["aggregateId": .s(event.aggregateId), "version": .int(event.version)] }

    private static let rules: [String: Rules] = ["identity": [], "merged streams": SampleRules.mergeStreams].merging(SampleRules.all) { $1 }

    @Test(arguments: rules.keys.sorted())
    func `what is lost or changed is found and written again, whatever the transform`(name: String) async throws {
        let rules = Self.rules[name] ?? []
        let store = try await StoreFixture.make()
        for stream in ["a/1", "a/2", "b/1", "c/ß🌍"] { try await store.append(stream, after: 0, count: 12) }
        try await store.cut()
        // What comes after the cut is the tail's.
        try await store.append("a/1", after: 12, count: 2)
        _ = try await store.replay(AnyTransform(name, rules))
        if rules.forward.layout == .merging { _ = try await store.merge() }
        let whole = try await store.contents("r2")

        let (lost, changed) = (whole[3], whole[whole.count - 2])
        var other = changed
        other.data = other.data.replacing("}", with: " }")
        try await store.dynamo.write(.delete(table(store), key(lost)))
        try await store.dynamo.write(.put(table(store), other.item))
        let damaged = try await store.contents("r2")

        let untouched = Set(store.shards.all).subtracting([lost, changed].map { store.shards.shard(of: $0.aggregateId) })
        if !untouched.isEmpty { #expect(try await repair(store, rules.forward, shards: untouched).events == 0) }
        #expect(try await store.contents("r2") == damaged)

        let repaired = try await repair(store, rules.forward, shards: Set(store.shards.all))
        #expect(repaired.events == 2 && repaired.units == 2 && repaired.positions == [lost.position, changed.position].sorted())
        #expect(try await store.contents("r2") == whole)
        #expect(try await repair(store, rules.forward, shards: Set(store.shards.all)).events == 0)
    }

    @Test func `what the candidate has besides is left alone`() async throws {
        let store = try await StoreFixture.make()
        try await store.append("a", after: 0, count: 2)
        try await store.cut()
        _ = try await store.replay()
        let foreign = store.events("a", after: 2)[0]
        try await store.dynamo.write(.put(table(store), foreign.item))
        #expect(try await repair(store, .identity, shards: [0, 1]).events == 0)
        #expect(try await store.contents("r2").count == 3)
    }
}
