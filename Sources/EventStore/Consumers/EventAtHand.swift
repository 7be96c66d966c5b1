import EventSourcing

/// An event in a hint: `["o-17", 1, …]`. The replay's second pass reads every event anyway, and spares projectors the query.
///
/// A hint stays a hint: a projector takes such events only where the first of them is the next after its cursor, in order, and queries the store
/// otherwise.
public struct EventAtHand: Sendable, Hashable, Codable {
    public var event: StoredEvent

    public init(_ event: StoredEvent) { self.event = event }

    public init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        event = StoredEvent(
            aggregateId: try values.decode(String.self), version: try values.decode(Int.self), eventId: try values.decode(String.self),
            type: try values.decode(String.self), schema: try values.decode(Int.self), data: try values.decode(String.self),
            meta: try values.decode(String.self), at: try values.decode(String.self), epoch: try values.decode(Int.self),
            origin: try values.decode(String.self), from: try values.decode(String?.self), source: try values.decode(String?.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.unkeyedContainer()
        try values.encode(event.aggregateId)
        try values.encode(event.version)
        try values.encode(event.eventId)
        try values.encode(event.type)
        try values.encode(event.schema)
        try values.encode(event.data)
        try values.encode(event.meta)
        try values.encode(event.at)
        try values.encode(event.epoch)
        try values.encode(event.origin)
        try values.encode(event.from)
        try values.encode(event.source)
    }
}
