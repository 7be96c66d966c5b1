/// The event types that one program knows, by name, and how it reads their older and newer schemas.
public struct EventTypes: Sendable {
    public let all: [any EventPayload.Type]
    /// The rules by which an event is read that has another schema, or another type, than this program knows. None needs a copy.
    public let reading: Rules
    private let byName: [String: any EventPayload.Type]
    /// The rules for reading one by one, for older events; and backwards, for newer ones.
    private let upcasts: [Mapping]
    private let downcasts: [Mapping]

    /// - Parameter reading: conversions of one event each, e.g. `.upcast("OrderPlaced", from: 1, to: 2, [.rename("qty", to: "quantity")])`. An older event
    ///   passes them forward, a newer one backwards, until it has a schema that is known.
    public init(_ types: [any EventPayload.Type], reading: Rules = []) {
        all = types
        self.reading = reading
        upcasts = reading.each.map(\.forward)
        downcasts = reading.each.reversed().compactMap(\.reverse)
        byName = Dictionary(types.map { ($0.type, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Throws ``UnreadableEvent`` for a type that isn't known, or data that doesn't decode.
    public func decode(_ event: StoredEvent) throws -> any EventPayload {
        if let type = byName[event.type], type.schema == event.schema { return try event.payload(as: type) }
        let event = try converted(event)
        guard let type = byName[event.type] else {
            throw UnreadableEvent(position: event.position, type: event.type, reason: "no such event type in this release")
        }
        return try event.payload(as: type)
    }

    /// As this program knows it: upcast, else downcast, else as it is.
    private func converted(_ event: StoredEvent) throws -> StoredEvent {
        for casts in [upcasts, downcasts] {
            var read = event
            for cast in casts where cast.types?.contains(read.type) ?? true {
                read = try Self.read(read, by: cast)
                if let type = byName[read.type], type.schema == read.schema { return read }
            }
        }
        return event
    }

    private static func read(_ event: StoredEvent, by mapping: Mapping) throws -> StoredEvent {
        var state = mapping.initialState
        let events: [StoredEvent]
        do {
            events = try mapping.drafts(of: event, &state)
        } catch {
            throw UnreadableEvent(
                position: event.position, type: event.type, reason: "it can't be read as the schema that is known: \(error)")
        }
        guard let only = events.first, events.count == 1, !mapping.hasState, mapping.layout == .inPlace else {
            throw UnreadableEvent(
                position: event.position, type: event.type,
                reason: "a rule for reading makes other events of it: such a rule needs a transform")
        }
        return only
    }
}
