/// An error of one stream's content: that stream stops, others go on. Trying again alone doesn't mend it.
public protocol StreamFault: Error {
    /// The event at which the stream stops; `nil` where it isn't known which.
    var event: EventReference? { get }
}

extension StreamFault {
    public var event: EventReference? { nil }
}

/// Which event is meant.
public struct EventReference: Sendable, Hashable, Codable {
    public var aggregateId: String
    public var version: Int
    public var eventId: String
    public var type: String

    public init(aggregateId: String, version: Int, eventId: String, type: String) {
        self.aggregateId = aggregateId
        self.version = version
        self.eventId = eventId
        self.type = type
    }

    public init(_ event: StoredEvent) {
        self.init(aggregateId: event.aggregateId, version: event.version, eventId: event.eventId, type: event.type)
    }

    /// `position` is `aggregateId@version`; `nil` where it is something else.
    public init?(position: String, eventId: String, type: String) {
        guard let parts = EventPosition(position) else { return nil }
        self.init(aggregateId: parts.aggregateId, version: parts.version, eventId: eventId, type: type)
    }

    /// `aggregateId@version`.
    public var position: String { "\(aggregateId)@\(version)" }
}
