extension OpenSearch {
    public struct Document: Sendable, Hashable {
        public var id: String
        /// The version that its writer gave it; nil where it wasn't asked for.
        public var version: Int?
        /// As it was written; `null` where it wasn't asked for.
        public var source: JSON

        public init(id: String, version: Int? = nil, source: JSON = .null) {
            self.id = id
            self.version = version
            self.source = source
        }
    }

    /// What became of one document of a bulk.
    public enum Outcome: Sendable, Hashable {
        case written
        /// The index has it in the same version or a later one.
        case superseded
        /// It doesn't fit the index's mapping: why.
        case refused(String)
    }

    /// So that an answer fits into memory: an answer of more than 64 MB is an error.
    private static let idsPerRead = 100
    /// Instances of some types take no larger request than 10 MB (Amazon OpenSearch Service).
    private static let bulkBytes = 5_000_000
    private static let tries = 8

    /// The documents of these ids as they are now, refreshed or not; those that don't exist are missing.
    public func documents(_ index: String, ids: [String]) async throws -> [String: Document] {
        var found: [String: Document] = [:]
        for start in stride(from: 0, to: ids.count, by: Self.idsPerRead) {
            let some = Array(ids[start..<min(start + Self.idsPerRead, ids.count)])
            let answer = try await call("MultiGet", "POST", "/\(index)/_mget", ["ids": .strings(some)])
            for item in answer["docs"].array ?? [] {
                guard let id = item["_id"].string else { continue }
                if item["found"].bool == true {
                    found[id] = Document(id: id, version: item["_version"].int, source: item["_source"])
                } else if let type = item["error"]["type"].string {
                    // An index that is missing is no index without documents.
                    throw AWSError(
                        service: AWSService.openSearch.name, operation: "MultiGet", code: type,
                        message: item["error"]["reason"].string ?? "", statusCode: type == "index_not_found_exception" ? 404 : 400)
                }
            }
        }
        return found
    }

    /// Writes documents with external versions: each is kept unless the index has it in the same version or a later one. What the index is too
    /// busy for is sent again. After an error any part may have been written, and can be sent again.
    /// - Returns: an outcome for each, in their order.
    public func write(_ documents: [Document], to index: String) async throws -> [Outcome] {
        var outcomes: [Outcome] = []
        var lines: [UInt8] = []
        var pending: [Document] = []
        for document in documents {
            let action: JSON = [
                "index": ["_id": .string(document.id), "version": .int(document.version ?? 0), "version_type": "external"]
            ]
            let more = action.bytes + [UInt8(ascii: "\n")] + document.source.bytes + [UInt8(ascii: "\n")]
            if lines.count + more.count > Self.bulkBytes, !pending.isEmpty {
                outcomes += try await send(pending, lines, index)
                (lines, pending) = ([], [])
            }
            lines += more
            pending.append(document)
        }
        if !pending.isEmpty { outcomes += try await send(pending, lines, index) }
        return outcomes
    }

    private func send(_ documents: [Document], _ lines: [UInt8], _ index: String) async throws -> [Outcome] {
        var attempt = 0
        while true {
            attempt += 1
            var request = AWSRequest(.openSearch, "Bulk", path: "/\(index)/_bulk")
            request.headers["content-type"] = "application/x-ndjson"
            request.body = lines
            let items = try client.parsed(try await client.send(request).body, .openSearch, "Bulk")["items"].array ?? []
            guard items.count == documents.count else {
                throw UnexpectedAnswer(
                    service: AWSService.openSearch.name, operation: "Bulk",
                    problem: "\(items.count) outcomes for \(documents.count) documents")
            }
            var outcomes: [Outcome] = []
            var busy: AWSError?
            for item in items.map({ $0["index"] }) {
                let error = AWSError(
                    service: AWSService.openSearch.name, operation: "Bulk", code: item["error"]["type"].string ?? "?",
                    message: item["error"]["reason"].string ?? "", statusCode: item["status"].int ?? 0)
                switch error.statusCode {
                case 200..<300: outcomes.append(.written)
                case 409: outcomes.append(.superseded)
                case 400: outcomes.append(.refused("\(error.code): \(error.message)"))
                case 429, 500...: busy = error
                default: throw error
                }
            }
            guard let busy else { return outcomes }
            // All of them again: what was written meanwhile is superseded by itself.
            if attempt == Self.tries { throw busy }
            try await clock.pause(milliseconds: 20...(40 << attempt))
        }
    }
}
