import EventSourcing
import Testing

@testable import StackRuntime

@Suite struct RequestIdentityTests {
    private func event(_ version: Int, _ meta: EventMetadata) throws -> StoredEvent {
        StoredEvent(
            aggregateId: "a", version: version, eventId: "e-\(version)", type: "Happened", data: "{}", meta: try meta.encoded(),
            at: "2026-01-01T00:00:00.000000Z", origin: "r1")
    }

    private func commit(_ version: Int, _ request: String) throws -> StoredEvent {
        try event(version, EventMetadata(command: "k", request: request, answer: Answer(201, ["request": .string(request)])))
    }

    @Test func `a digest is of what the client sent, whatever the release calls its parameters`() throws {
        func digest(_ route: String, _ path: [String: String], _ body: Value = ["a": 1]) throws -> String {
            RequestIdentity.digest(route: try Route(route), path: path, body: body)
        }
        let first = try digest("POST /orders/{orderId}/items/{item}", ["orderId": "1", "item": "2"])
        #expect(try digest("POST /orders/{id}/items/{number}", ["id": "1", "number": "2"]) == first)
        #expect(try digest("POST /orders/{id}/items/{number}", ["id": "2", "number": "1"]) != first)
        #expect(try digest("PUT /orders/{id}/items/{number}", ["id": "1", "number": "2"]) != first)
        #expect(try digest("POST /orders/{id}/items/{number}", ["id": "1", "number": "2"], ["a": 2]) != first)
    }

    @Test func `each of two requests with one key finds its own answer in a merged stream`() throws {
        let stream = [try commit(1, "d1"), try commit(2, "d2")]
        for request in ["d1", "d2"] {
            #expect(RequestIdentity(command: "k", digest: request).recorded(in: stream) == Answer(201, ["request": .string(request)]))
        }
        #expect(RequestIdentity(command: "k", digest: "d3").recorded(in: stream)?.status == 422)
        #expect(RequestIdentity(command: "other", digest: "d1").recorded(in: stream) == nil)
    }

    @Test func `a command whose first event is gone was carried out, and has no answer any more`() throws {
        let stream = [try event(1, EventMetadata(command: "k"))]
        #expect(RequestIdentity(command: "k", digest: "d1").recorded(in: stream)?.status == 409)
    }
}
