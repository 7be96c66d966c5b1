import AWS
import EventSourcing
import EventStore
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import StackRuntime

/// What a projector reads of the store, and with how many calls: events that are at hand, that the bus told of, or neither.
@Suite(.localCloud) struct ProjectorReadingTests {
    /// A store whose first reads don't show the events of one version yet.
    private func hiding(_ version: Int, for count: Int, in store: any ItemStore) -> HookedStore {
        let reads = Mutex(0)
        return HookedStore(
            store,
            found: { _, items in
                let isEarly = reads.withLock { reads in
                    reads += 1
                    return reads < count
                }
                return isEarly ? items.filter { $0["version"] != .int(version) } : items
            })
    }

    @Test func `an event alone costs five calls, and forty streams that are at hand or that the bus told of four or five`() async throws {
        let store = try await StoreFixture.make()
        _ = try await store.countsProjector()
        func calls(
            _ streams: [String], atHand: [String: [StoredEvent]] = [:], versions: [String: Int] = [:]
        ) async throws -> [String: Int] {
            let counting = MortalStore(store.dynamo)
            let faults = try await store.countsProjector(by: counting, reading: counting).project(
                Hints(streams, atHand: atHand, versions: versions))
            #expect(faults.isEmpty)
            return counting.calls
        }
        try await store.commit("r1", "alone", after: 0)
        let alone = try await calls(["alone"])
        #expect(alone == ["batchGet": 2, "query": 1, "transact": 1, "getItem": 1])
        var streams: [String: [StoredEvent]] = [:]
        for number in 0..<40 {
            try await store.commit("r1", "s-\(number)", after: 0, count: 3)
            streams["s-\(number)"] = try await store.reader("r1").load("s-\(number)")
        }
        let atHand = streams
        let together = try await calls(atHand.keys.sorted(), atHand: atHand)
        #expect(together == ["batchGet": 2, "transact": 1, "getItem": 1])
        #expect(try await store.count("all") == 121)
        let again = try await calls(atHand.keys.sorted(), atHand: atHand)
        #expect(again["transact"] == nil)

        for stream in atHand.keys { try await store.commit("r1", stream, after: 3, count: 2) }
        let told = try await calls(atHand.keys.sorted(), versions: atHand.mapValues { _ in 5 })
        #expect(told == ["batchGet": 3, "transact": 1, "getItem": 1])
        #expect(try await store.count("all") == 201)
        #expect(try await calls(atHand.keys.sorted(), versions: atHand.mapValues { _ in 4 }) == ["batchGet": 2, "getItem": 1])
    }

    @Test(arguments: [2, 3])
    func `of a transaction's events none is passed over, whichever is visible first`(late: Int) async throws {
        let store = try await StoreFixture.make()
        let plain = try await store.countsProjector()
        try await store.commit("r1", "a", after: 0)
        #expect(try await plain.project(["a"]).isEmpty)
        try await store.commit("r1", "a", after: 1, count: 2)
        let projector = store.countsProjector(by: store.dynamo, reading: hiding(late, for: 3, in: store.dynamo))
        #expect(try await projector.project(Hints(["a"], versions: ["a": 2])).isEmpty)
        #expect(try await projector.project(Hints(["a"], versions: ["a": 3])).isEmpty)
        #expect(try await store.count("a") == 3)
    }

    @Test func `an event that its record comes before is waited for, and one that no record tells of is found by another's`() async throws {
        let store = try await StoreFixture.make()
        _ = try await store.countsProjector()
        try await store.commit("r1", "a", after: 0, count: 3)
        let projector = store.countsProjector(by: store.dynamo, reading: hiding(3, for: 5, in: store.dynamo))
        #expect(try await projector.project(Hints(["a"], versions: ["a": 3])).isEmpty)
        #expect(try await store.count("a") == 3)

        try await store.commit("r1", "a", after: 3, count: 2)
        #expect(try await projector.project(Hints(["a"], versions: ["a": 4])).isEmpty)
        #expect(try await store.count("a") == 5)
        try await store.commit("r1", "a", after: 5)
        #expect(try await projector.project(Hints(["a"], versions: ["a": 5])).isEmpty)
        #expect(try await store.count("a") == 6)
    }

    @Test func `what the bus tells of wrongly is looked up, and what lacks a version or is odd stops alone`() async throws {
        let store = try await StoreFixture.make()
        let projector = try await store.countsProjector()
        for stream in ["beyond", "gap", "good", "odd", "short"] { try await store.commit("r1", stream, after: 0, count: 3) }
        try await store.commit("r1", "long", after: 0, count: 30)
        try await store.dynamo.write(.delete(projector.names.events, ["aggregateId": .s("gap"), "version": .int(2)]))
        try await store.dynamo.write(
            .update(projector.names.events, ["aggregateId": .s("odd"), "version": .int(3)], "REMOVE #type", values: [:]))
        let versions = ["beyond": 1_000, "gap": 3, "good": 3, "odd": 3, "short": 2, "long": 30, "nothing": 5, "negative": -7]
        let faults = try await projector.project(Hints(versions.keys.sorted(), versions: versions))
        #expect(faults["gap"] as? StreamGap == StreamGap(aggregateId: "gap", expected: 2, found: 3))
        #expect(faults.keys.sorted() == ["gap", "odd"])
        for (stream, count) in ["beyond": 3, "good": 3, "short": 3, "long": 30] { #expect(try await store.count(stream) == count) }
    }

    @Test func `events at hand that aren't the next are looked up`() async throws {
        let store = try await StoreFixture.make()
        let projector = try await store.countsProjector()
        try await store.commit("r1", "a", after: 0, count: 5)
        let events = try await store.reader("r1").load("a")
        #expect(try await projector.project(["a"], atHand: ["a": Array(events[2...])]).isEmpty)
        #expect(try await store.count("a") == 5)
        try await store.commit("r1", "a", after: 5, count: 2)
        #expect(try await projector.project(["a"], atHand: ["a": events]).isEmpty)
        #expect(try await store.count("a") == 7)
    }
}
