import AWS
import EventSourcing
import EventStore
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The Lambda that answers a read model's queries: one document by its id, or the documents of an index key.
///
/// A listing answers with at most ``Listing/limit`` documents, and as many as fit. Where there may be more the header `x-immutable-next` has a
/// cursor: with it as the parameter `after`, the same request goes on.
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
            return try await serving.reading { try await answer(query, key, event, in: $0) }.encoded()
        }
        return try HTTPAnswer(.error(404, "no such route: \(event.method) \(event.rawPath)"), release: context.release).encoded()
    }

    private func answer(_ query: Query, _ key: String, _ event: HTTPEvent, in table: String) async throws -> HTTPAnswer {
        guard let listing = query.listing else { return try HTTPAnswer(try await answer(key, in: table), release: context.release) }
        let list = Listing(dynamo: context.dynamo, table: table, index: listing.index, attribute: listing.attribute)
        let (found, next) = try await answer(key, of: list, after: Self.after(event))
        var response = try HTTPAnswer(found, release: context.release)
        if let next { response.headers["x-immutable-next"] = try next.text() }
        return response
    }

    private func answer(_ key: String, in table: String) async throws -> Answer {
        // What no key can be is no document's.
        guard (1...Self.longestKey).contains(key.utf8.count) else { return .error(404, "no document has an id of \(key.utf8.count) bytes") }
        guard let document = try await document(DocumentID.composed(key), in: table) else { return .error(404, "no document '\(key)'") }
        return Answer(200, .object(document))
    }

    private func answer(_ key: String, of list: Listing, after text: String?) async throws -> (Answer, next: ListingCursor?) {
        guard (1...Self.longestKey).contains(key.utf8.count) else { return (Answer(200, .list([])), nil) }
        var cursor: ListingCursor?
        if let text {
            cursor = ListingCursor(text)
            guard let cursor else { return (.error(400, "the parameter 'after' is no cursor of a list", field: "after"), nil) }
            guard cursor.table == list.table else {
                return (.error(400, "the list is in another table by now: begin again without 'after'", field: "after"), nil)
            }
        }
        do {
            let page = try await list.page(key, after: cursor)
            return (Answer(200, .list(page.documents)), page.next)
        } catch let error as AWSError where error.code == "ValidationException" && cursor != nil {
            return (.error(400, "the parameter 'after' is no cursor of this list", field: "after"), nil)
        }
    }

    /// The parameter of that name; `nil` where it is missing or empty.
    private static func after(_ event: HTTPEvent) -> String? {
        for pair in (event.rawQueryString ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0] == "after" { return PercentEncoding.decode(String(parts[1])) ?? String(parts[1]) }
        }
        return nil
    }

    private func document(_ id: String, in table: String) async throws -> [String: Value]? {
        guard let parts else { return try await context.dynamo.getItem(table, ["id": .s(id)]).map(DocumentItem.visible) }
        let keys = (0..<parts.count).map { ["id": AttributeValue.s(DocumentPart.id(id, $0))] }
        var merged = try parts.merged(try await context.dynamo.batchGet(table, keys: keys).map(DocumentItem.visible))
        merged?["id"] = .string(id)
        return merged
    }
}
