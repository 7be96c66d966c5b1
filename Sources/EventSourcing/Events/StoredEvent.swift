/// One immutable fact, as it stands in an events table.
public struct StoredEvent: Sendable, Hashable {
    /// The stream that the event belongs to.
    public var aggregateId: String
    /// 1, 2, 3 … per stream, without gaps.
    public var version: Int
    /// Unique over the stack. A copy keeps the id of its source.
    public var eventId: String
    public var type: String
    /// The schema version of `data`; 1 unless the type says otherwise.
    public var schema: Int
    /// JSON text. Replication carries it byte by byte unless a transform changes it.
    public var data: String
    /// JSON text of an `EventMetadata`.
    public var meta: String
    /// RFC 3339, microseconds, UTC.
    public var at: String
    /// The epoch in which the event was committed; 0 on every copy.
    public var epoch: Int
    /// The release in which the fact was first committed, or `import`.
    public var origin: String
    /// The release that this copy was made from; `nil` on what was committed here.
    public var from: String?
    /// `aggregateId@version` of the source of this copy.
    public var source: String?

    public init(
        aggregateId: String, version: Int, eventId: String, type: String, schema: Int = 1, data: String, meta: String = "{}",
        at: String, epoch: Int = 0, origin: String, from: String? = nil, source: String? = nil
    ) {
        self.aggregateId = aggregateId
        self.version = version
        self.eventId = eventId
        self.type = type
        self.schema = schema
        self.data = data
        self.meta = meta
        self.at = at
        self.epoch = epoch
        self.origin = origin
        self.from = from
        self.source = source
    }

    /// `aggregateId@version`, as a copy's `source` names it.
    public var position: String { "\(aggregateId)@\(version)" }

    /// The `origin` of events that were read from a file.
    public static let importOrigin = "import"
}
