import AWS
import EventSourcing
import EventStore
import Foundation
import TestSupport
import Testing

@testable import StackRuntime

/// One document of each stream: how many events it has.
private enum Tally: Projection {
    struct Document: Codable, Sendable {
        var count: Int
    }

    static func documentIDs(for event: StoredEvent) -> [String] { [event.aggregateId] }

    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) { document = Document(count: event.version) }
}

@Suite(.localCloud) struct ProjectorFunctionTests {
    private func function(_ store: StoreFixture) throws -> ProjectorFunction {
        try ProjectorFunction(
            projection: AnyProjection(Tally.self),
            context: ReleaseContext(environment: store.environment("r1", ["IMMUTABLE_READ_MODEL": "tally"]), aws: store.client))
    }

    private func record(_ stream: String, _ version: Int) -> String {
        let change = #"{"dynamodb":{"Keys":{"aggregateId":{"S":"\#(stream)"},"version":{"N":"\#(version)"}}}}"#
        return #"{"kinesis":{"data":"\#(Data(change.utf8).base64EncodedString())"}}"#
    }

    @Test func `a gap is parked where the bus hints at it, and told whoever asks directly; other streams go on`() async throws {
        let store = try await StoreFixture.make()
        let names = store.names.release("r1")
        try await store.dynamo.createTable(.init(name: names.readModel("tally"), hashKey: .string("id")))
        for stream in ["gap", "good"] { try await store.commit("r1", stream, after: 0, count: 3) }
        try await store.dynamo.write(.delete(names.events, ["aggregateId": .s("gap"), "version": .int(2)]))
        let function = try function(store)
        let invocation = Invocation(requestId: "1", deadline: Date(timeIntervalSinceNow: 600))
        let parking = Parking(dynamo: store.dynamo, stack: store.names.stack, release: "r1")

        await #expect(throws: StreamGap(aggregateId: "gap", expected: 2, found: 3)) {
            _ = try await function.handle(Array(#"{"streams":["gap","good"]}"#.utf8), invocation)
        }
        #expect(try await store.dynamo.getItem(names.readModel("tally"), ["id": .s("good")])?["count"]?.int == 3)
        #expect(try await parking.entries().isEmpty)

        try await store.commit("r1", "good", after: 3, count: 1)
        _ = try await function.handle(Array(#"{"Records":[\#(record("gap", 3)),\#(record("good", 4))]}"#.utf8), invocation)
        #expect(try await store.dynamo.getItem(names.readModel("tally"), ["id": .s("good")])?["count"]?.int == 4)
        #expect(try await parking.entries().map(\.aggregateId) == ["gap"])
    }
}
