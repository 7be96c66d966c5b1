import AWS
import EventSourcing
import EventStore
import Foundation
import TestSupport

@testable import StackRuntime

/// Counts events: one document a stream, and one that all streams share.
enum Counts: Projection {
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

extension StoreFixture {
    /// A projector of ``Counts`` in release r1, whose table it makes.
    func countsProjector() async throws -> Projector {
        try await dynamo.createTable(.init(name: names.release("r1").readModel("counts"), hashKey: .string("id")))
        return countsProjector(by: dynamo, reading: dynamo)
    }

    /// One more that works by another handle on the store, and reads events by a third.
    func countsProjector(by dynamo: any ItemStore, reading: any ItemStore) -> Projector {
        let names = names.release("r1")
        return Projector(
            projection: AnyProjection(Counts.self), readModel: "counts", dynamo: dynamo, names: names,
            reader: StreamReader(dynamo: reading, table: names.events))
    }

    func count(_ id: String) async throws -> Int? {
        try await dynamo.getItem(names.release("r1").readModel("counts"), ["id": .s(id)])?["count"]?.int
    }
}
