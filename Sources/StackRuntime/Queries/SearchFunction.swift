import AWS
import EventSourcing
import EventStore
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The Lambda that answers an index's searches: a page of the documents that match.
struct SearchFunction: InvocationHandler {
    private let release: String
    private let openSearch: OpenSearch
    private let index: String
    private let routes: [(route: Route, search: SearchRoute)]

    /// One element of `IMMUTABLE_ROUTES`.
    private struct Served: Decodable {
        var route: String
        var search: SearchRoute
    }

    init(context: ReleaseContext, openSearch: OpenSearch, index: String) throws {
        release = context.release
        self.openSearch = openSearch
        self.index = index
        routes = try JSONDecoder().decode([Served].self, from: Data(try context.required("IMMUTABLE_ROUTES").utf8)).map {
            (try Route($0.route), $0.search)
        }
    }

    func handle(_ payload: [UInt8], _ invocation: Invocation) async throws -> [UInt8] {
        let event = try JSONDecoder().decode(HTTPEvent.self, from: Data(payload))
        guard let route = routes.first(where: { $0.route.match(event) != nil })?.search else {
            return try HTTPAnswer(.error(404, "no such route: \(event.method) \(event.rawPath)"), release: release).encoded()
        }
        return try HTTPAnswer(try await answer(event.rawQueryString ?? "", route), release: release).encoded()
    }

    /// Also says how many match in all. A document is found at most a second after its event was projected (`index.refresh_interval`).
    func answer(_ queryString: String, _ route: SearchRoute) async throws -> Answer {
        let request: SearchRequest
        do {
            request = try SearchRequest(queryString, on: route)
        } catch {
            return .error(400, "the parameter '\(error.name)' \(error.problem)", field: error.name)
        }
        let found = try await openSearch.search(index, request.body)
        return Answer(
            200,
            [
                "documents": .list(found.documents.map { .object(IndexedDocument.visible($0.source)) }),
                "page": .number(Decimal(request.page)), "pageSize": .number(Decimal(route.pageSize)),
                "total": .number(Decimal(found.total)),
            ])
    }
}
