import EventStore

/// A function of a release that takes streams in and keeps a cursor for each: a projector or a reactor.
public struct StreamConsumer: Sendable, Hashable {
    /// `projector/<read model>` or `reactor/<name>`: what its cursors' keys begin with.
    public var name: String
    public var function: String
    /// A reactor acts only on what was first committed in its release: other events are none of its business.
    public var ownEventsOnly: Bool

    func cursorKey(_ aggregateId: String) -> String { "\(name)/\(aggregateId)" }
}

extension Blueprint {
    public var projectorConsumers: [StreamConsumer] {
        projectors.map { StreamConsumer(name: "projector/\($0.readModel)", function: $0.function, ownEventsOnly: false) }
    }

    public var reactorConsumers: [StreamConsumer] {
        reactors.map { StreamConsumer(name: "reactor/\($0.name)", function: $0.function, ownEventsOnly: true) }
    }
}
