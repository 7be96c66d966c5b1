/// A table or a search index of documents, the projection that fills it, and the routes that read from it.
public struct ReadModel: Codable, Sendable, Hashable {
    /// A secondary index of a read model's table.
    public struct Index: Codable, Sendable, Hashable {
        public var name: String
        /// The document's field that the index is looked up by.
        public var key: String
        /// The document's field that the documents of one key are listed in order of.
        public var sortKey: String?

        public static func index(_ name: String, on key: String, sortedBy sortKey: String? = nil) -> Index {
            Index(name: name, key: key, sortKey: sortKey)
        }
    }

    /// A route that answers from a read model.
    public struct Query: Codable, Sendable, Hashable {
        /// Its path has exactly one parameter; that of a search none.
        public var path: String
        /// The index to list from; absent: the answer is the one document whose id is the parameter.
        public var listing: String?
        /// Present on a route that searches an index.
        public var search: Search?

        public var route: Route { .get(path) }

        /// Answers the document whose id is the path's parameter or, with `listing`, all documents of that index whose
        /// key is the path's parameter.
        public static func get(_ path: String, listing index: String? = nil) -> Query {
            Query(path: path, listing: index)
        }
    }

    /// Lower-case letters, digits and hyphens.
    public var name: String
    /// The projection's name in the functions' catalogue.
    public var projection: String
    public var indexes: [Index]
    public var serves: [Query]
    /// The mapped fields of a search index; absent where it is a table.
    public var mapping: [Field]?
    /// The alias of the live release's search index.
    public var alias: String?

    public static func table(
        _ name: String,
        projectedBy projection: String,
        indexes: [Index] = [],
        serves: [Query] = []
    ) -> ReadModel {
        ReadModel(name: name, projection: projection, indexes: indexes, serves: serves)
    }
}
