extension Rule {
    /// Changes the attributes of one type of event, whatever its schema.
    public static func on(_ type: String, _ changes: [AttributeChange]) -> Rule {
        func step(_ edit: @escaping AttributeChange.Edit) -> RuleStep { Self.step(type, nil, edit: edit, become: type, nil) }
        return Rule(step(changes.forward), back: changes.back.map(step))
    }

    /// Makes one type of event another. The way back restores type and schema.
    public static func on(
        _ type: String, schema: Int? = nil, become newType: String, newSchema: Int = 1, _ changes: [AttributeChange] = []
    ) -> Rule {
        Rule(
            step(type, schema, edit: changes.isEmpty ? nil : changes.forward, become: newType, newSchema),
            back: changes.back.map { step(newType, newSchema, edit: changes.isEmpty ? nil : $0, become: type, schema ?? 1) },
            cast: .init(type: type, schema: schema, newType: newType, newSchema: newSchema))
    }

    /// Makes one type of event another, of which this release has the payload.
    public static func on<Payload: EventPayload>(
        _ type: String, schema: Int? = nil, become payload: Payload.Type, _ changes: [AttributeChange] = []
    ) -> Rule {
        on(type, schema: schema, become: Payload.type, newSchema: Payload.schema, changes)
    }

    /// Takes the events of a type from one version of their schema to a later one; the way back is the downcast.
    public static func upcast(_ type: String, from old: Int, to new: Int, _ changes: [AttributeChange] = []) -> Rule {
        on(type, schema: old, become: type, newSchema: new, changes)
    }

    /// Renames a type of event; schema and data stay as they are.
    public static func renameEvent(_ old: String, to new: String) -> Rule {
        Rule(
            step(old, nil, edit: nil, become: new, nil), back: step(new, nil, edit: nil, become: old, nil),
            cast: .init(type: old, schema: nil, newType: new, newSchema: nil))
    }

    /// Converts between payload types of this release.
    public static func convert<Old: EventPayload, New: EventPayload>(
        _ old: Old.Type, to new: New.Type, by change: @escaping @Sendable (Old) throws -> New,
        back: (@Sendable (New) throws -> Old)? = nil
    ) -> Rule {
        func step<A: EventPayload, B: EventPayload>(_ change: @escaping @Sendable (A) throws -> B) -> RuleStep {
            let outcome = RuleOutcome(
                type: A.type, schema: A.schema, parts: [.init(type: B.type, schema: B.schema, keepsData: false)])
            return RuleStep([A.type], makes: [outcome]) { draft in
                guard draft.schema == A.schema else { return nil }
                var draft = draft
                draft.become(try ConvertedEvent(change(draft.data().decode(A.self))))
                return [draft]
            }
        }
        return Rule(
            step(change), back: back.map { step($0) },
            cast: .init(type: Old.type, schema: Old.schema, newType: New.type, newSchema: New.schema))
    }

    /// Deletes the events of a type. There is no way back.
    public static func deleteEvent(_ type: String) -> Rule { Rule(dropping(type)) }

    /// Adds an event after each one of a type, with data that follows from that one's. The way back deletes it.
    public static func addEvent(
        _ type: String, schema: Int = 1, after other: String, data: @escaping @Sendable (Value) throws -> Value
    ) -> Rule {
        Rule(
            RuleStep([other], makes: [.adding(type, schema, after: other)]) { draft in
                [draft, draft.sibling(type: type, schema: schema, data: try data(draft.data()))]
            }, back: dropping(type))
    }

    /// Makes several events of one: as many values as types. The way back is ``mergeEvents(_:into:schema:by:back:)``.
    public static func splitEvent(
        _ type: String, into types: [String], by split: @escaping @Sendable (Value) throws -> [Value],
        back join: (@Sendable ([Value]) throws -> Value)? = nil
    ) -> Rule {
        Rule(splitting(type, types, split), back: join.map { merging(types, type, $0) })
    }

    /// Makes one event of several that follow each other in a stream, in this order and whatever is between them: the last one absorbs what the
    /// earlier ones left as state, and takes their place; of an earlier one that is never completed nothing comes.
    public static func mergeEvents(
        _ types: [String], into type: String, by join: @escaping @Sendable ([Value]) throws -> Value,
        back split: (@Sendable (Value) throws -> [Value])? = nil
    ) -> Rule {
        Rule(merging(types, type, join), back: split.map { splitting(type, types, $0) })
    }

    static func dropping(_ type: String) -> RuleStep {
        RuleStep([type], makes: [RuleOutcome(type: type, schema: nil, parts: [])]) { _ in [] }
    }

    /// `newSchema`: `nil` where it stays.
    private static func step(
        _ type: String, _ schema: Int?, edit: AttributeChange.Edit?, become newType: String, _ newSchema: Int?
    ) -> RuleStep {
        let part = RuleOutcome.Part(type: newType, schema: newSchema, keepsData: edit == nil)
        return RuleStep([type], makes: [RuleOutcome(type: type, schema: schema, parts: [part])]) { draft in
            guard schema == nil || draft.schema == schema else { return nil }
            var draft = draft
            if let edit {
                var data = try draft.data()
                try edit(&data)
                draft.setData(data)
            }
            draft.type = newType
            if let newSchema { draft.schema = newSchema }
            return [draft]
        }
    }

    private static func splitting(
        _ type: String, _ types: [String], _ split: @escaping @Sendable (Value) throws -> [Value]
    ) -> RuleStep {
        let parts = types.map { RuleOutcome.Part(type: $0, schema: 1, keepsData: false) }
        return RuleStep([type], makes: [RuleOutcome(type: type, schema: nil, parts: parts)]) { draft in
            let values = try split(draft.data())
            guard values.count == types.count else {
                throw RefusedEmission("it was split into \(values.count) events, not into \(types.count)")
            }
            return zip(types, values).enumerated().map { index, part in
                var event = draft.sibling(type: part.0, schema: 1, data: part.1)
                event.keepsId = index == 0 && draft.keepsId
                return event
            }
        }
    }

    private static func merging(
        _ types: [String], _ type: String, _ join: @escaping @Sendable ([Value]) throws -> Value
    ) -> RuleStep {
        let whole = RuleOutcome.Part(type: type, schema: 1, keepsData: false)
        let outcomes = types.map { RuleOutcome(type: $0, schema: nil, parts: $0 == types.last ? [whole] : []) }
        var step = RuleStep(Set(types), makes: outcomes, state: [:]) { draft, state in
            guard draft.type == types.last else {
                state[draft.type] = try draft.data()
                return []
            }
            var values: [Value] = []
            for earlier in types.dropLast() {
                guard let value = state[earlier] else { throw RefusedEmission("no '\(earlier)' came before it in its stream") }
                values.append(value)
            }
            state = [:]
            var merged = draft
            (merged.type, merged.schema) = (type, 1)
            merged.setData(try join(values + [draft.data()]))
            return [merged]
        }
        step.waiting = { Set($0.object?.keys.map(\.self) ?? []) }
        return step
    }
}
