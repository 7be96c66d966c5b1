import AWS
import EventSourcing
import EventStore
import Foundation
import TestSupport
import Testing

@testable import StackRuntime

/// Counts events: one document a stream, and one that all streams share.
private enum Counts: Projection {
    struct Document: Codable, Sendable {
        var count: Int
        var last: [String: Int]
    }

    static func documentIDs(for event: StoredEvent) throws -> [String] { [event.aggregateId, "all"] }

    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) throws {
        if event.data == "\"poison\"" { throw MalformedInput(field: "data", problem: "is poison") }
        var next = document ?? Document(count: 0, last: [:])
        // A fold that notices every gap, double and disorder of its own stream.
        guard next.last[event.aggregateId, default: 0] == event.version - 1 else {
            throw StreamGap(aggregateId: event.aggregateId, expected: next.last[event.aggregateId, default: 0] + 1, found: event.version)
        }
        next.count += 1
        next.last[event.aggregateId] = event.version
        document = next
    }
}

@Suite struct ProjectorTests {
    private func projector(_ store: StoreFixture) async throws -> Projector {
        let names = store.names.release("r1")
        try await store.dynamo.createTable(.init(name: names.readModel("counts"), hashKey: .string("id")))
        return Projector(
            projection: AnyProjection(Counts.self), readModel: "counts", dynamo: store.dynamo, names: names, reader: store.reader("r1"))
    }

    private func count(_ store: StoreFixture, _ id: String) async throws -> Int? {
        try await store.dynamo.getItem(store.names.release("r1").readModel("counts"), ["id": .s(id)])?["count"]?.int
    }

    @Test func `a hostile bus – doubles, disorder, loss, many instances – leaves the pure fold of the store`() async throws {
        let store = try await StoreFixture.make()
        let projector = try await projector(store)
        let streams = (0..<12).map { "stream-\($0)" }
        var random = SystemRandomNumberGenerator()
        for round in 0..<3 {
            for stream in streams { try await store.commit("r1", stream, after: round * 2, count: 2) }
            // Each stream is hinted at several times, by several instances at once, in any order; some hints are lost.
            let hints = (streams + streams + streams).shuffled(using: &random).dropLast(5)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for start in stride(from: 0, to: hints.count, by: 4) {
                    let batch = Array(hints[start..<min(start + 4, hints.count)])
                    group.addTask {
                        let faults = try await projector.project(batch)
                        #expect(faults.isEmpty)
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(try await projector.project(streams).isEmpty)
        for stream in streams { #expect(try await count(store, stream) == 6) }
        #expect(try await count(store, "all") == 72)
    }

    @Test func `a poisonous event stops its own stream only`() async throws {
        let store = try await StoreFixture.make()
        let projector = try await projector(store)
        var poison = store.events("bad", after: 1)
        poison[0].data = "\"poison\""
        try await store.commit("r1", "bad", after: 0)
        #expect(try await store.appender("r1").append(poison) == .appended)
        try await store.commit("r1", "good", after: 0, count: 3)
        let faults = try await projector.project(["bad", "good"])
        #expect(Array(faults.keys) == ["bad"])
        #expect("\(try #require(faults["bad"]))".contains("bad@2"))
        #expect(try await count(store, "bad") == 1)
        #expect(try await count(store, "good") == 3)
        #expect(try await count(store, "all") == 4)
    }

    @Test func `a stream of a thousand events is projected in pages`() async throws {
        let store = try await StoreFixture.make()
        let projector = try await projector(store)
        for part in 0..<13 { try await store.commit("r1", "long", after: part * 80, count: 80) }
        #expect(try await projector.project(["long"]).isEmpty)
        #expect(try await count(store, "long") == 1_040)
    }

    @Test func `a stream that isn't there makes no document`() async throws {
        let store = try await StoreFixture.make()
        let projector = try await projector(store)
        #expect(try await projector.project(["nothing"]).isEmpty)
        #expect(try await count(store, "nothing") == nil)
    }
}
