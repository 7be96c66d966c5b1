extension ReadModel {
    /// One mapped field of a search index: what it can be used for in a search.
    public struct Field: Codable, Sendable, Hashable {
        public enum Kind: String, Codable, Sendable, Hashable, CaseIterable {
            case text, keyword, number, boolean, date
        }

        /// The field's path from the document, through objects and lists: `total`, `customer.name`, `lines.sku`.
        public var path: String
        public var kind: Kind

        /// Text whose words can be searched for.
        public static func text(_ path: String) -> Field { Field(path: path, kind: .text) }
        /// Text that is filtered and sorted by as a whole. What has more than 8,191 characters is neither.
        public static func keyword(_ path: String) -> Field { Field(path: path, kind: .keyword) }
        /// Numbers, or texts that are decimal numbers, filtered and sorted by as 64-bit floating point.
        public static func number(_ path: String) -> Field { Field(path: path, kind: .number) }
        public static func boolean(_ path: String) -> Field { Field(path: path, kind: .boolean) }
        /// RFC 3339 dates and times, sorted by to the millisecond.
        public static func date(_ path: String) -> Field { Field(path: path, kind: .date) }
    }

    /// An index of the stack's search domain, whose documents are searched rather than looked up.
    ///
    /// Its projection is a `StreamProjection`: each stream has one document, of the stream's id. What `mapping` doesn't name is part of the
    /// document all the same, but can't be searched, filtered or sorted by.
    ///
    /// - Parameter alias: a name in the domain by which others than the API, such as dashboards, find the live release's index. It moves with
    ///   each handover.
    public static func index(
        _ name: String,
        projectedBy projection: String,
        mapping: [Field],
        alias: String? = nil,
        serves: [Query] = []
    ) -> ReadModel {
        var model = ReadModel.table(name, projectedBy: projection, serves: serves)
        model.mapping = mapping
        model.alias = alias
        return model
    }

    /// Whether it is a search index rather than a table.
    public var isIndex: Bool { mapping != nil }
}

extension ReadModel.Query {
    /// What a search route offers.
    public struct Search: Codable, Sendable, Hashable {
        /// The text fields in which the words of the parameter `q` are looked for.
        public var fields: [String]
        /// Fields that are parameters: only documents of the value that is given.
        public var filters: [String]
        /// Fields that the parameter `sort` may name, for falling order with `-` in front.
        public var sorts: [String]
        /// Documents a page, 1 to 100.
        public var pageSize: Int
    }

    /// Answers a page of the documents that match: `GET <path>?q=<words>&<filter>=<value>&sort=<field>&page=<number>`.
    ///
    /// Each parameter may be left out. Every word of `q` has to be in one of the fields of `searching`. Without `sort` the best matches come
    /// first or, where there is no `q`, the documents in the order of their ids.
    public static func search(
        _ path: String,
        searching fields: [String] = [],
        filteredBy filters: [String] = [],
        sortedBy sorts: [String] = [],
        pageSize: Int = 20
    ) -> ReadModel.Query {
        var query = ReadModel.Query.get(path)
        query.search = Search(fields: fields, filters: filters, sorts: sorts, pageSize: pageSize)
        return query
    }

    /// Parameters of every search route, which no filter can be called.
    public static let searchParameters = ["q", "sort", "page"]
}
