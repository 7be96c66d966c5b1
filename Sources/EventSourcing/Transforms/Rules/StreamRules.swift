extension Rule {
    /// The place of an event among those of other streams that come to the same one: texts that sort like the order, e.g. the event's time.
    public typealias Order = @Sendable (StoredEvent) throws -> String

    /// Adds an event to another stream after each one of a type. `orderedBy`: needed where several streams add to the same one. The way back deletes it.
    public static func addStream(
        _ type: String, schema: Int = 1, after other: String, in stream: @escaping @Sendable (StoredEvent) throws -> String,
        orderedBy order: Order? = nil, data: @escaping @Sendable (Value) throws -> Value
    ) -> Rule {
        var rule = Rule(
            RuleStep([other], makes: [.adding(type, schema, after: other)]) { draft in
                var added = draft.sibling(type: type, schema: schema, data: try data(draft.data()))
                added.stream = try stream(draft.seen())
                return [draft, added]
            }, back: dropping(type))
        rule.moves = true
        rule.order = order
        return rule
    }

    /// Renames streams. Two that get the same name stop the replay: see ``mergeStreams(by:orderedBy:back:)``.
    public static func renameStream(
        by rename: @escaping @Sendable (String) throws -> String, back: (@Sendable (String) throws -> String)? = nil
    ) -> Rule {
        func target(_ rename: @escaping @Sendable (String) throws -> String) -> @Sendable (StoredEvent) throws -> String {
            { try rename($0.aggregateId) }
        }
        return routing(nil, target(rename), back: back.map(target), nil)
    }

    /// Deletes streams. There is no way back.
    public static func deleteStream(where isDeleted: @escaping @Sendable (String) throws -> Bool) -> Rule {
        Rule(RuleStep(nil, makes: []) { draft in try isDeleted(draft.stream) ? [] : nil })
    }

    /// Parts each stream: `target` says where an event goes. No two streams may part into the same one.
    public static func splitStream(
        by target: @escaping @Sendable (StoredEvent) throws -> String, back: (@Sendable (StoredEvent) throws -> String)? = nil
    ) -> Rule {
        routing(nil, target, back: back, nil)
    }

    /// Makes one stream of several: `target` says which. A replay puts their events in `order`, events of one stream never out of their own; what is
    /// committed later follows in the order of its arrival.
    public static func mergeStreams(
        by target: @escaping @Sendable (StoredEvent) throws -> String, orderedBy order: @escaping Order = { $0.at },
        back: (@Sendable (StoredEvent) throws -> String)? = nil
    ) -> Rule {
        routing(nil, target, back: back, order)
    }

    /// Moves the events of some types to another stream. `orderedBy`: needed where that stream has, or gets, events of others.
    public static func moveEvents(
        _ types: Set<String>, to target: @escaping @Sendable (StoredEvent) throws -> String, orderedBy order: Order? = nil,
        back: (@Sendable (StoredEvent) throws -> String)? = nil
    ) -> Rule {
        routing(types, target, back: back, order)
    }

    private static func routing(
        _ types: Set<String>?, _ target: @escaping @Sendable (StoredEvent) throws -> String,
        back: (@Sendable (StoredEvent) throws -> String)?, _ order: Order?
    ) -> Rule {
        func step(_ target: @escaping @Sendable (StoredEvent) throws -> String) -> RuleStep {
            RuleStep(types, makes: []) { draft in
                var moved = draft
                moved.stream = try target(draft.seen())
                return moved.stream == draft.stream ? nil : [moved]
            }
        }
        var rule = Rule(step(target), back: back.map(step))
        rule.moves = true
        rule.order = order
        return rule
    }
}
