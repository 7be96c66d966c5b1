extension DynamoDB {
    /// Items of one partition, in range-key order.
    public struct QueryRequest: Sendable, Hashable {
        public var table: String
        public var index: String?
        /// E.g. `#aggregateId = :id AND #version > :version`.
        public var keyCondition: String
        public var values: Item
        public var filter: String?
        public var ascending: Bool
        /// Items looked at per page, before the filter.
        public var limit: Int?
        /// Not asked for on an index: global indexes refuse it.
        public var consistent: Bool
        public var attributes: [String]?
        public var startKey: Item?

        public init(
            table: String, index: String? = nil, keyCondition: String, values: Item, filter: String? = nil,
            ascending: Bool = true, limit: Int? = nil, consistent: Bool = true, attributes: [String]? = nil,
            startKey: Item? = nil
        ) {
            self.table = table
            self.index = index
            self.keyCondition = keyCondition
            self.values = values
            self.filter = filter
            self.ascending = ascending
            self.limit = limit
            self.consistent = consistent
            self.attributes = attributes
            self.startKey = startKey
        }
    }

    /// All items of a table, or of one of the parts that it is divided into.
    public struct ScanRequest: Sendable, Hashable {
        public var table: String
        /// From 0.
        public var segment: Int
        /// 1 to 1,000,000.
        public var totalSegments: Int
        /// Items looked at per page, before the filter.
        public var limit: Int?
        public var consistent: Bool
        public var attributes: [String]?
        public var startKey: Item?
        public var filter: String?
        public var values: Item

        public init(
            table: String, segment: Int = 0, totalSegments: Int = 1, limit: Int? = nil, consistent: Bool = true,
            attributes: [String]? = nil, startKey: Item? = nil, filter: String? = nil, values: Item = [:]
        ) {
            self.table = table
            self.segment = segment
            self.totalSegments = totalSegments
            self.limit = limit
            self.consistent = consistent
            self.attributes = attributes
            self.startKey = startKey
            self.filter = filter
            self.values = values
        }
    }

    /// At most 1 MB of items, and where to go on; nil at the end. A page may be empty and not the last.
    public struct Page: Sendable, Hashable {
        public var items: [Item]
        public var lastKey: Item?

        public init(items: [Item], lastKey: Item? = nil) {
            self.items = items
            self.lastKey = lastKey
        }
    }

    /// A page whose items are left as they came.
    public struct EncodedPage: Sendable, Hashable {
        public var items: [EncodedItem]
        public var lastKey: Item?

        public init(items: [EncodedItem], lastKey: Item? = nil) {
            self.items = items
            self.lastKey = lastKey
        }
    }

    public func query(_ request: QueryRequest) async throws -> Page {
        try await call("Query", Self.body(request)) { try $0.page() }
    }

    public func queryEncoded(_ request: QueryRequest) async throws -> EncodedPage {
        try await encodedPage("Query", Self.body(request))
    }

    public func scan(_ request: ScanRequest) async throws -> Page {
        try await call("Scan", Self.body(request)) { try $0.page() }
    }

    public func scanEncoded(_ request: ScanRequest) async throws -> EncodedPage {
        try await encodedPage("Scan", Self.body(request))
    }

    private func encodedPage(_ operation: String, _ body: JSONWriter) async throws -> EncodedPage {
        let answer = try await answer(operation, body)
        return try read(operation, answer) { try $0.encodedPage(of: answer) }
    }

    private static func body(_ request: QueryRequest) -> JSONWriter {
        var expressions = Expressions(values: request.values)
        expressions.use(request.keyCondition)
        var body = JSONWriter()
        body.object { writer in
            writer.member("TableName", request.table)
            if let index = request.index { writer.member("IndexName", index) }
            writer.member("KeyConditionExpression", request.keyCondition)
            if !request.ascending {
                writer.name("ScanIndexForward")
                writer.raw("false")
            }
            writer.page(
                filter: request.filter, limit: request.limit,
                consistent: request.consistent && request.index == nil, attributes: request.attributes,
                startKey: request.startKey, expressions: expressions)
        }
        return body
    }

    private static func body(_ request: ScanRequest) -> JSONWriter {
        var body = JSONWriter()
        body.object { writer in
            writer.member("TableName", request.table)
            if request.totalSegments > 1 {
                writer.name("Segment")
                writer.raw(String(request.segment))
                writer.name("TotalSegments")
                writer.raw(String(request.totalSegments))
            }
            writer.page(
                filter: request.filter, limit: request.limit, consistent: request.consistent,
                attributes: request.attributes, startKey: request.startKey,
                expressions: Expressions(values: request.values))
        }
        return body
    }
}

extension JSONWriter {
    fileprivate mutating func page(
        filter: String?, limit: Int?, consistent: Bool, attributes: [String]?, startKey: Item?,
        expressions: Expressions
    ) {
        var expressions = expressions
        name("ConsistentRead")
        raw(consistent ? "true" : "false")
        if let filter {
            member("FilterExpression", filter)
            expressions.use(filter)
        }
        if let limit {
            name("Limit")
            raw(String(limit))
        }
        if let startKey {
            name("ExclusiveStartKey")
            item(startKey)
        }
        projection(attributes, expressions: expressions)
    }
}

extension JSONReader {
    fileprivate mutating func page() throws -> DynamoDB.Page {
        var page = DynamoDB.Page(items: [])
        try object { name, reader in
            switch name {
            case "Items": page.items = try reader.items()
            case "LastEvaluatedKey": page.lastKey = try reader.optionalItem()
            default: try reader.skip()
            }
        }
        return page
    }

    fileprivate mutating func encodedPage(of answer: [UInt8]) throws -> DynamoDB.EncodedPage {
        var page = DynamoDB.EncodedPage(items: [])
        try object { name, reader in
            switch name {
            case "Items": page.items = try reader.encodedItems(of: answer)
            case "LastEvaluatedKey": page.lastKey = try reader.optionalItem()
            default: try reader.skip()
            }
        }
        return page
    }
}
