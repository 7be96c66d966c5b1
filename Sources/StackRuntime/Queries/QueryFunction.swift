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
    private let serving: Serving
    private let queries: [Query]
    /// How a document is put together that is kept in parts.
    private let parts: AnyProjection.Parts?

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

    /// DynamoDB's limit for a hash key is 2,048 bytes; the ids of parts are followed by their number. A lookup of an index has the same.
    private static let longestKey = DocumentID.limit - 4

    init(context: ReleaseContext, parts: AnyProjection.Parts? = nil) throws {
        self.context = context
        self.parts = parts
        serving = Serving(
            dynamo: context.dynamo, names: context.releaseNames, readModel: try context.required("IMMUTABLE_READ_MODEL"))
        let served = try JSONDecoder().decode([Served].self, from: Data(try context.required("IMMUTABLE_ROUTES").utf8))
        queries = try served.map { served in
            var listing: (String, String)?
            if let index = served.index, let attribute = served.attribute { listing = (index, attribute) }
            if listing != nil, parts != nil {
                throw StartFailure(
                    reason: "route '\(served.route)' lists documents that are kept in parts: only a query by id can be served")
            }
            return Query(route: try Route(served.route), listing: listing)
        }
    }

    func handle(_ payload: [UInt8], _ invocation: Invocation) async throws -> [UInt8] {
        let event = try JSONDecoder().decode(HTTPEvent.self, from: Data(payload))
        for query in queries {
            guard let parameters = query.route.match(event), let key = parameters.values.first else { continue }
            let found = try await serving.reading { try await answer(query, key, in: $0) }
            return try HTTPAnswer(found, release: context.release).encoded()
        }
        return try HTTPAnswer(.error(404, "no such route: \(event.method) \(event.rawPath)"), release: context.release).encoded()
    }

    private func answer(_ query: Query, _ key: String, in table: String) async throws -> Answer {
        // What no key can be is no document's.
        guard (1...Self.longestKey).contains(key.utf8.count) else {
            return query.listing == nil ? .error(404, "no document has an id of \(key.utf8.count) bytes") : Answer(200, .list([]))
        }
        if let listing = query.listing {
            let page = try await context.dynamo.query(
                DynamoDB.QueryRequest(
                    table: table, index: listing.index, keyCondition: "#\(listing.attribute) = :key", values: [":key": .s(key)],
                    limit: Self.limit, consistent: false))
            let documents = page.items.map(DocumentItem.visible).sorted { ($0["id"]?.string ?? "") < ($1["id"]?.string ?? "") }
            return Answer(200, .list(documents.map { .object($0) }))
        }
        guard let document = try await document(DocumentID.composed(key), in: table) else { return .error(404, "no document '\(key)'") }
        return Answer(200, .object(document))
    }

    private func document(_ id: String, in table: String) async throws -> [String: Value]? {
        guard let parts else { return try await context.dynamo.getItem(table, ["id": .s(id)]).map(DocumentItem.visible) }
        let keys = (0..<parts.count).map { ["id": AttributeValue.s(DocumentPart.id(id, $0))] }
        var merged = try parts.merged(try await context.dynamo.batchGet(table, keys: keys).map(DocumentItem.visible))
        merged?["id"] = .string(id)
        return merged
    }
}
