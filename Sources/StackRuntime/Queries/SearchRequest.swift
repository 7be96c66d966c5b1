import AWS
import EventSourcing
import EventStore

/// What a client asks of a search route, read from the query string. Pure.
struct SearchRequest: Sendable, Hashable {
    /// OpenSearch's search request.
    var body: [String: JSON]
    /// From 1.
    var page: Int

    /// A parameter that the route can't take.
    struct BadParameter: Error, Hashable {
        var name: String
        var problem: String
    }

    /// The furthest document that a page may reach (`index.max_result_window`).
    private static let window = 10_000
    /// A longer text may have more words than a query may have clauses (`indices.query.bool.max_clause_count`, 1,024).
    private static let longestText = 500

    init(_ queryString: String, on route: SearchRoute) throws(BadParameter) {
        var given: [String: String] = [:]
        for pair in queryString.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.map { PercentEncoding.decode(String($0).replacing("+", with: " ")) }
            guard let name = decoded.first ?? nil, let value = decoded.count > 1 ? decoded[1] : "" else {
                throw BadParameter(name: String(parts.first ?? ""), problem: "is not percent-encoded UTF-8")
            }
            guard given.updateValue(value, forKey: name) == nil else { throw BadParameter(name: name, problem: "is given twice") }
        }
        // What a form sends of a field that was left empty.
        given = given.filter { !$0.value.isEmpty }
        let known = (route.fields.isEmpty ? [] : ["q"]) + ["sort", "page"] + route.filters.keys.sorted()
        for name in given.keys.sorted() where !known.contains(name) {
            throw BadParameter(name: name, problem: "is none of \(known.joined(separator: ", "))")
        }

        page = try Self.page(given["page"], of: route.pageSize)
        var match: [JSON] = []
        if let text = given["q"] {
            guard text.count <= Self.longestText else {
                throw BadParameter(name: "q", problem: "has \(text.count) characters, at most \(Self.longestText) are allowed")
            }
            match = [
                [
                    "multi_match": [
                        "query": .string(text), "fields": .strings(route.fields), "type": "cross_fields", "operator": "and",
                    ]
                ]
            ]
        }
        var filters: [JSON] = []
        for (name, kind) in route.filters.sorted(by: { $0.key < $1.key }) {
            guard let value = given[name] else { continue }
            let wanted = try Self.filter(name, value, kind)
            filters.append(["term": [name: wanted]])
        }
        let order = try Self.order(given["sort"], of: route, isScored: !match.isEmpty)
        body = [
            "query": ["bool": ["must": .array(match), "filter": .array(filters), "must_not": [IndexedDocument.isDeleted]]],
            "sort": .array(order), "from": .int((page - 1) * route.pageSize), "size": .int(route.pageSize),
        ]
    }

    private static func page(_ text: String?, of size: Int) throws(BadParameter) -> Int {
        guard let text else { return 1 }
        let last = window / size
        guard let number = Int(text), (1...last).contains(number) else {
            throw BadParameter(name: "page", problem: "is '\(text)', and has to be a number from 1 to \(last)")
        }
        return number
    }

    private static func filter(_ name: String, _ value: String, _ kind: SearchRoute.Kind) throws(BadParameter) -> JSON {
        switch kind {
        case .keyword: return .string(value)
        case .boolean:
            guard value == "true" || value == "false" else {
                throw BadParameter(name: name, problem: "is '\(value)', and has to be true or false")
            }
            return .bool(value == "true")
        case .number:
            guard value.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let number = Double(value), number.isFinite else {
                throw BadParameter(name: name, problem: "is '\(value)', and has to be a number")
            }
            return .string(value)
        }
    }

    /// Equal documents in the order of their ids, so that each is on one page.
    private static func order(_ text: String?, of route: SearchRoute, isScored: Bool) throws(BadParameter) -> [JSON] {
        let byId: JSON = ["id": "asc"]
        guard let text else { return isScored ? [["_score": "desc"], byId] : [byId] }
        let falls = text.hasPrefix("-")
        let field = falls ? String(text.dropFirst()) : text
        guard route.sorts.contains(field) else {
            let choice = route.sorts.isEmpty ? "this route has one order only" : "it is none of \(route.sorts.joined(separator: ", "))"
            throw BadParameter(name: "sort", problem: "is '\(text)': \(choice)")
        }
        return [[field: ["order": falls ? "desc" : "asc", "missing": "_last"]], byId]
    }
}
