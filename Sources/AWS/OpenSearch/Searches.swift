extension OpenSearch {
    public struct Page: Sendable, Hashable {
        /// All that match, not only this page's.
        public var total: Int
        public var documents: [Document]
        /// What `search_after` takes to go on after this page; nil where it has no documents.
        public var last: [JSON]?
        /// The answer's size.
        public var bytes: Int
    }

    /// - Parameter body: OpenSearch's search request. The total is always counted.
    public func search(_ index: String, _ body: [String: JSON]) async throws -> Page {
        var request = AWSRequest(.openSearch, "Search", path: "/\(index)/_search")
        request.headers["content-type"] = "application/json"
        request.body = JSON.object(body.merging(["track_total_hits": true]) { $1 }).bytes
        let bytes = try await client.send(request).body
        let answer = try client.parsed(bytes, .openSearch, "Search")
        let hits = answer["hits"]["hits"].array ?? []
        // Shards that didn't answer would make a page that looks whole.
        if answer["timed_out"].bool == true || (answer["_shards"]["failed"].int ?? 0) > 0 {
            throw AWSError(
                service: AWSService.openSearch.name, operation: "Search", code: "partial_result", message: "not every shard answered",
                statusCode: 503)
        }
        return Page(
            total: answer["hits"]["total"]["value"].int ?? 0,
            documents: hits.map { Document(id: $0["_id"].string ?? "", version: $0["_version"].int, source: $0["_source"]) },
            last: hits.last?["sort"].array, bytes: bytes.count)
    }
}
