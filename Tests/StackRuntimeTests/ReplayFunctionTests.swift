import AWS
import EventSourcing
import EventStore
import Foundation
import TestSupport
import Testing

@testable import StackRuntime

@Suite(.localCloud) struct ReplayFunctionTests {
    private struct Answer: Decodable, Equatable {
        var finished: Bool
        /// Absent for a batch.
        var events: Int?
    }

    private func function(_ store: StoreFixture) throws -> ReplayFunction {
        try ReplayFunction(
            transform: .identity,
            context: ReleaseContext(environment: store.environment("r2", ["IMMUTABLE_COUNTERPART": "r1"]), aws: store.client))
    }

    private func ask(_ function: ReplayFunction, _ payload: String, within seconds: TimeInterval = 600) async throws -> Answer {
        let invocation = Invocation(requestId: "1", deadline: Date(timeIntervalSinceNow: seconds))
        return try JSONDecoder().decode(Answer.self, from: Data(try await function.handle(Array(payload.utf8), invocation)))
    }

    private func filled() async throws -> StoreFixture {
        let store = try await StoreFixture.make()
        for stream in 0..<20 { try await store.commit("r1", "stream-\(stream)", after: 0, count: 2) }
        try await store.cut()
        return store
    }

    @Test func `an order comes as it is, as an item with its last answer, or several in a batch`() async throws {
        let store = try await filled()
        let function = try function(store)
        let first = try await ask(function, #"{"pass":"copy","segment":0,"total":2,"seconds":300}"#)
        #expect(first.finished && (1..<40).contains(first.events ?? 0))
        let again = try await ask(function, #"{"answer":{"finished":true},"segment":0,"total":2,"seconds":300}"#)
        #expect(again == first)
        let both = try await ask(
            function,
            #"{"Items":[{"segment":0,"total":2,"seconds":300},{"segment":1,"total":2,"seconds":300}],"answer":{"finished":false}}"#)
        #expect(both.finished)
        let copies = try await store.dynamo.scan(.init(table: store.names.release("r2").events)).items
        #expect(copies.count == 40)
    }

    @Test func `a batch whose time is up says that it isn't finished, and goes on with the next call`() async throws {
        let store = try await filled()
        let function = try function(store)
        let batch = #"{"Items":[{"segment":0,"total":2,"seconds":300},{"segment":1,"total":2,"seconds":300}]}"#
        // The function ends before a second segment may begin; the first one is copied by a page at least.
        let first = try await ask(function, batch, within: 1)
        #expect(!first.finished)
        #expect(try await ask(function, batch).finished)
        #expect(try await store.dynamo.scan(.init(table: store.names.release("r2").events)).items.count == 40)
    }
}
