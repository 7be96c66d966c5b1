import AWS
import EventSourcing

/// A document of a search index. Its version is that of the last event of its stream that it has taken in.
public struct IndexedDocument: Sendable, Hashable {
    public var id: String
    public var version: Int
    /// `nil`: the projection took the document away. The index keeps its version, lest an older one come back.
    public var fields: [String: Value]?
    /// `aggregateId@version` of that event.
    public var event: String?

    public init(id: String, version: Int, fields: [String: Value]?, event: String?) {
        self.id = id
        self.version = version
        self.fields = fields
        self.event = event
    }

    /// Reads one of our documents.
    public init(_ document: OpenSearch.Document) {
        id = document.id
        version = document.version ?? 0
        fields = document.source[Self.deleted].bool == true ? nil : Self.visible(document.source)
        event = document.source[Self.lastEvent].string
    }

    /// As the index keeps it: the document's own fields, and ours, which begin with `_`.
    public var stored: OpenSearch.Document {
        var source = (fields ?? [:]).mapValues(JSON.init(document:))
        source["id"] = .string(id)
        source[Self.lastEvent] = event.map(JSON.string)
        if fields == nil { source[Self.deleted] = true }
        return OpenSearch.Document(id: id, version: version, source: .object(source))
    }

    /// The fields without ours.
    public static func visible(_ source: JSON) -> [String: Value] {
        (source.object ?? [:]).filter { !$0.key.hasPrefix("_") }.mapValues(Value.init(json:))
    }

    private static let lastEvent = "_event"
    /// Marks a document that was taken away; mapped, so that searches pass it over.
    public static let deleted = "_deleted"

    /// The clause of a query that passes over what was taken away.
    public static let isDeleted: JSON = ["term": [deleted: true]]
}
