import Foundation
import Testing

@testable import AWS

@Suite struct OpenSearchWireTests {
    private let index = "orders-r2-order-search"

    private func openSearch(_ transport: ScriptedTransport, clock: TestClock = TestClock()) throws -> OpenSearch {
        OpenSearch(
            scriptedClient(transport, clock: clock), endpoint: try Endpoint("https://search-orders-abc.eu-west-1.es.amazonaws.com"))
    }

    @Test func `a bulk has a line for each action and document, with external versions, and is signed for es`() async throws {
        let transport = ScriptedTransport([
            ScriptedTransport.answer(
                200,
                #"{"errors":true,"items":[{"index":{"_id":"a","status":201}},{"index":{"_id":"b","status":409,"error":{"type":"x"}}},"#
                    + #"{"index":{"_id":"c","status":400,"error":{"type":"mapper_parsing_exception","reason":"no"}}}]}"#)
        ])
        let outcomes = try await openSearch(transport).write(
            [
                .init(id: "a", version: 3, source: ["id": "a"]), .init(id: "b", version: 1, source: ["id": "b", "total": .number("9.50")]),
                .init(id: "c", version: 2, source: [:]),
            ], to: index)
        #expect(outcomes == [.written, .superseded, .refused("mapper_parsing_exception: no")])
        let request = transport.requests[0]
        #expect(request.url == "https://search-orders-abc.eu-west-1.es.amazonaws.com/orders-r2-order-search/_bulk")
        #expect(request.headers["content-type"] == "application/x-ndjson")
        #expect(request.headers["authorization"]?.contains("/eu-west-1/es/aws4_request") == true)
        #expect(
            text(request.body) == """
                {"index":{"_id":"a","version":3,"version_type":"external"}}
                {"id":"a"}
                {"index":{"_id":"b","version":1,"version_type":"external"}}
                {"id":"b","total":9.50}
                {"index":{"_id":"c","version":2,"version_type":"external"}}
                {}

                """)
    }

    @Test func `a bulk that the index is too busy for is sent again, whole, after a pause`() async throws {
        let transport = ScriptedTransport([
            ScriptedTransport.answer(200, #"{"items":[{"index":{"status":201}},{"index":{"status":429,"error":{"type":"rejected"}}}]}"#),
            ScriptedTransport.answer(200, #"{"items":[{"index":{"status":409}},{"index":{"status":201}}]}"#),
        ])
        let clock = TestClock()
        let outcomes = try await openSearch(transport, clock: clock).write(
            [.init(id: "a", version: 1), .init(id: "b", version: 1)], to: index)
        #expect(outcomes == [.superseded, .written])
        #expect(transport.requests.count == 2 && transport.requests[0].body == transport.requests[1].body)
        #expect(clock.pauses.count == 1)
    }

    @Test func `an error has OpenSearch's type and reason`() async throws {
        let transport = ScriptedTransport([
            ScriptedTransport.answer(
                404, #"{"error":{"root_cause":[],"type":"index_not_found_exception","reason":"no such index [x]"},"status":404}"#)
        ])
        let error = try await #require(throws: AWSError.self) { try await openSearch(transport).refresh("x") }
        #expect(error.isNotFound)
        #expect(error.description == "OpenSearch Refresh: index_not_found_exception: no such index [x] (HTTP 404)")
        #expect(try await openSearch(transport).mappings(of: "x") == nil)
    }

    @Test func `a page to which a shard didn't contribute is an error`() async throws {
        let transport = ScriptedTransport([
            ScriptedTransport.answer(200, #"{"timed_out":false,"_shards":{"failed":1},"hits":{"total":{"value":0},"hits":[]}}"#)
        ])
        await #expect(throws: AWSError.self) { try await openSearch(transport).search("x", [:]) }
    }
}
