import EventSourcing

/// What one department did in one case. Any activity may follow any other, so a command needs to know nothing of what came before.
enum DepartmentFile: Aggregate {
    struct State: Sendable, Hashable {}

    static let initial = State()
    /// Activities have the names that the authority gives them: no list holds them all.
    static let events = EventTypes([])

    static func decode(_ event: StoredEvent) throws -> any EventPayload { try Activity(event) }

    static func evolve(_ state: State, _ event: any EventPayload) -> State { state }
}
