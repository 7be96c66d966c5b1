import AWS
import EventStore
import Foundation
import TestSupport
import Testing

@testable import StackRuntime

/// Listings: many documents of one key of an index.
@Suite(.localCloud) struct QueryFunctionTests {
    private struct Fixture {
        var store: StoreFixture
        var function: QueryFunction
        var table: String { store.names.release("r1").readModel("notes") }

        static func make() async throws -> Fixture {
            let store = try await StoreFixture.make(releases: ["r1"])
            try await store.dynamo.createTable(
                .init(
                    name: store.names.release("r1").readModel("notes"), hashKey: .string("id"),
                    indexes: [.init(name: "by-owner", hashKey: .string("owner"), rangeKey: .string("written"))]))
            let routes = #"[{"route":"GET /owners/{owner}/notes","index":"by-owner","attribute":"owner"},{"route":"GET /notes/{id}"}]"#
            let context = try ReleaseContext(
                environment: store.environment("r1", ["IMMUTABLE_READ_MODEL": "notes", "IMMUTABLE_ROUTES": routes]), aws: store.client)
            return Fixture(store: store, function: try QueryFunction(context: context))
        }

        /// The latest one first, by id.
        func write(_ count: Int, text: String = "") async throws {
            try await store.dynamo.batchPut(
                table,
                (0..<count).map { number in
                    [
                        "id": .s(String(format: "n-%04d", number)), "owner": .s("ada"), "text": .s(text),
                        "written": .s(String(format: "%04d", count - number)), "_revision": .int(1),
                    ]
                })
        }

        func get(_ path: String, _ query: String? = nil) async throws -> HTTPAnswer {
            let event = HTTPEvent(
                rawPath: path, rawQueryString: query, requestContext: .init(http: .init(method: "GET", path: path)))
            let answer = try await function.handle(
                Array(try JSONEncoder().encode(event)), Invocation(requestId: "1", deadline: Date(timeIntervalSinceNow: 600)))
            // A function's answer has at most 6 MB (Lambda).
            #expect(answer.count < 6_000_000)
            return try JSONDecoder().decode(HTTPAnswer.self, from: Data(answer))
        }

        /// All answers of a listing, one after the other.
        func list() async throws -> [[Note]] {
            var pages: [[Note]] = []
            var next: String?
            repeat {
                let answer = try await get("/owners/ada/notes", next.map { "after=\($0)" })
                #expect(answer.statusCode == 200, "\(answer.body)")
                pages.append(try JSONDecoder().decode([Note].self, from: Data(answer.body.utf8)))
                next = answer.headers["x-immutable-next"]
            } while next != nil
            return pages
        }
    }

    private struct Note: Decodable {
        var id: String
        var written: String
    }

    @Test func `a listing goes on where it stopped, in the index's order, until it has everything`() async throws {
        let fixture = try await Fixture.make()
        try await fixture.write(1_203)
        let pages = try await fixture.list()
        #expect(pages.map(\.count) == [1_000, 203])
        #expect(pages.joined().map(\.written) == (1...1_203).map { String(format: "%04d", $0) })
        #expect(pages.joined().map(\.id).first == "n-1202")
    }

    /// A page of the store has at most 1 MB. In an answer a quote takes 4 bytes, a control character 7: three such documents are too much for one.
    @Test(arguments: [(60, "x", 100_000, 11...50), (30, "\"", 100_000, 1...12), (3, "\u{1}", 300_000, 1...2)])
    func `an answer has more than a page of the store, and never more than a function may answer`(
        count: Int, character: String, length: Int, first: ClosedRange<Int>
    ) async throws {
        let fixture = try await Fixture.make()
        try await fixture.write(count, text: String(repeating: character, count: length))
        let pages = try await fixture.list()
        #expect(pages.joined().map(\.written) == (1...count).map { String(format: "%04d", $0) })
        #expect(first.contains(pages.first?.count ?? 0), "\(pages.map(\.count))")
    }

    @Test func `a cursor is safe in a URL, and one that isn't of this list is refused`() async throws {
        let fixture = try await Fixture.make()
        let cursor = ListingCursor(table: fixture.table, keys: ["id": "n-é?>~", "written": "0001"])
        let text = try cursor.text()
        #expect(ListingCursor(text) == cursor)
        #expect(text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        let elsewhere = try ListingCursor(table: "another", keys: cursor.keys).text()
        let partial = try ListingCursor(table: fixture.table, keys: ["written": "0001"]).text()
        func refused(_ query: String) async throws -> Bool {
            let answer = try await fixture.get("/owners/ada/notes", query)
            return answer.statusCode == 400 && answer.body.contains(#""field":"after""#)
        }
        #expect(try await refused("after=nonsense"))
        #expect(try await refused("after=\(elsewhere)"))
        #expect(try await refused("after=\(partial)"))
        #expect(try await fixture.get("/owners/nobody/notes").body == "[]")
        #expect(try await fixture.get("/owners/ada/notes", "after=").statusCode == 200)
        #expect(try await fixture.get("/notes/n-1", "after=nonsense").statusCode == 404)
    }
}
