import EventSourcing

/// A command with its types erased: from a request to a decision on a stream.
public struct AnyCommand: Sendable {
    public let name: String
    let prepare: @Sendable (CommandRequest) throws -> PreparedCommand

    public init<C: Command>(_ command: C.Type) {
        name = C.name
        prepare = { request in
            let command = try C(request)
            return PreparedCommand(aggregateId: command.aggregateId) { events in
                var state = C.Stream.initial
                for event in events { state = C.Stream.evolve(state, try C.Stream.decode(event)) }
                return command.decide(state, at: events.last?.version ?? 0)
            }
        }
    }
}

/// A command that was read from its request.
package struct PreparedCommand: Sendable {
    var aggregateId: String
    /// The decision on the whole stream.
    var decide: @Sendable ([StoredEvent]) throws -> Decision

    package init(aggregateId: String, decide: @escaping @Sendable ([StoredEvent]) throws -> Decision) {
        self.aggregateId = aggregateId
        self.decide = decide
    }
}
