import AWS
import EventSourcing
import EventStore
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The Lambda that answers a read model's queries: one document by its id, or the documents of an index key.
struct QueryFunction: InvocationHandler {
    private let context: ReleaseContext
    private let table: String
    private let queries: [Query]

    private struct Query: Sendable {
        var route: Route
        /// The index and its key attribute; `nil` for a document by its id.
        var listing: (index: String, attribute: String)?
    }

    /// One element of `IMMUTABLE_ROUTES`.
    private struct Served: Decodable {
        var route: String
        var index: String?
        var attribute: String?
    }

    /// The most documents that one listing answers with.
    private static let limit = 1_000

    init(context: ReleaseContext) throws {
        self.context = context
        table = context.releaseNames.readModel(try context.required("IMMUTABLE_READ_MODEL"))
        let served = try JSONDecoder().decode([Served].self, from: Data(try context.required("IMMUTABLE_ROUTES").utf8))
        queries = try served.map { served in
            var listing: (String, String)?
            if let index = served.index, let attribute = served.attribute { listing = (index, attribute) }
            return Query(route: try Route(served.route), listing: listing)
        }
    }

    func handle(_ payload: [UInt8], _ invocation: Invocation) async throws -> [UInt8] {
        let event = try JSONDecoder().decode(HTTPEvent.self, from: Data(payload))
        for query in queries {
            guard let parameters = query.route.match(event), let key = parameters.values.first else { continue }
            return try HTTPAnswer(try await answer(query, key), release: context.release).encoded()
        }
        return try HTTPAnswer(.error(404, "no such route: \(event.method) \(event.rawPath)"), release: context.release).encoded()
    }

    private func answer(_ query: Query, _ key: String) async throws -> Answer {
        if let listing = query.listing {
            let page = try await context.dynamo.query(
                DynamoDB.QueryRequest(
                    table: table, index: listing.index, keyCondition: "#\(listing.attribute) = :key", values: [":key": .s(key)],
                    limit: Self.limit, consistent: false))
            let documents = page.items.map(DocumentItem.visible).sorted { ($0["id"]?.string ?? "") < ($1["id"]?.string ?? "") }
            return Answer(200, .list(documents.map { .object($0) }))
        }
        guard let item = try await context.dynamo.getItem(table, ["id": .s(key)]) else {
            return .error(404, "no document '\(key)'")
        }
        return Answer(200, .object(DocumentItem.visible(item)))
    }
}
