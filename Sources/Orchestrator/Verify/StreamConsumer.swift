import EventStore

/// A function of a release that takes streams in and keeps a cursor for each: a projector or a reactor.
public struct StreamConsumer: Sendable, Hashable {
    /// `projector/<read model>` or `reactor/<name>`.
    public var name: String
    public var function: String
    /// A reactor acts only on what was first committed in its release: other events are none of its business.
    public var ownEventsOnly: Bool
    /// What its cursors' keys begin with: its name, with the generation of a read model that was rebuilt.
    public var cursors: String
    /// The number of the one generation that it is asked to fill; `nil`: what is kept up to date, as for any hint.
    public var generation: Int?

    init(name: String, function: String, ownEventsOnly: Bool) {
        self.name = name
        self.function = function
        self.ownEventsOnly = ownEventsOnly
        cursors = name
    }

    /// The projector of `generation`.
    init(projector function: String, of generation: Generation, only: Bool = false) {
        self.init(name: CursorKey.projector(generation.readModel), function: function, ownEventsOnly: false)
        cursors = CursorKey.projector(generation.name)
        self.generation = only ? generation.number : nil
    }

    /// Of a projector.
    var readModel: String { String(name.dropFirst(CursorKey.projector("").count)) }

    func cursorKey(_ aggregateId: String) -> String { "\(cursors)/\(aggregateId)" }
}

extension ReleaseRecord {
    /// Its projectors, each at the generation that serves.
    func projectorConsumers(in cloud: Cloud) async throws -> [StreamConsumer] {
        var consumers: [StreamConsumer] = []
        for projector in Blueprint(self).projectors {
            let state = try await ReadModelState.read(cloud.dynamo, names, projector.readModel)
            consumers.append(StreamConsumer(projector: projector.function, of: state.servingGeneration))
        }
        return consumers
    }
}

extension Blueprint {
    public var reactorConsumers: [StreamConsumer] {
        reactors.map { StreamConsumer(name: "reactor/\($0.name)", function: $0.function, ownEventsOnly: true) }
    }
}
