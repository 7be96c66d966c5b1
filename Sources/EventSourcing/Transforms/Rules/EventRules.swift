extension Rule {
    /// Changes the attributes of one type of event, whatever its schema.
    public static func on(_ type: String, _ changes: [AttributeChange]) -> Rule {
        Rule(step(type, nil, edit: changes.forward) { _ in }, back: changes.back.map { step(type, nil, edit: $0) { _ in } })
    }

    /// Makes one type of event another. The way back restores type and schema.
    public static func on(
        _ type: String, schema: Int? = nil, become newType: String, newSchema: Int = 1, _ changes: [AttributeChange] = []
    ) -> Rule {
        Rule(
            step(type, schema, edit: changes.isEmpty ? nil : changes.forward) { ($0.type, $0.schema) = (newType, newSchema) },
            back: changes.back.map { edit in
                step(newType, newSchema, edit: changes.isEmpty ? nil : edit) { ($0.type, $0.schema) = (type, schema ?? 1) }
            }, cast: .init(type: type, schema: schema, newType: newType, newSchema: newSchema))
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
        func step(_ from: String, _ to: String) -> RuleStep {
            RuleStep([from]) { draft in
                var draft = draft
                draft.type = to
                return [draft]
            }
        }
        return Rule(step(old, new), back: step(new, old), cast: .init(type: old, schema: nil, newType: new, newSchema: nil))
    }

    /// Converts between payload types of this release.
    public static func convert<Old: EventPayload, New: EventPayload>(
        _ old: Old.Type, to new: New.Type, by change: @escaping @Sendable (Old) throws -> New,
        back: (@Sendable (New) throws -> Old)? = nil
    ) -> Rule {
        func step<A: EventPayload, B: EventPayload>(_ change: @escaping @Sendable (A) throws -> B) -> RuleStep {
            RuleStep([A.type]) { draft in
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
    public static func deleteEvent(_ type: String) -> Rule { Rule(RuleStep([type]) { _ in [] }) }

    /// Adds an event after each one of a type, with data that follows from that one's. The way back deletes it.
    public static func addEvent(
        _ type: String, schema: Int = 1, after other: String, data: @escaping @Sendable (Value) throws -> Value
    ) -> Rule {
        Rule(
            RuleStep([other]) { draft in [draft, draft.sibling(type: type, schema: schema, data: try data(draft.data()))] },
            back: RuleStep([type]) { _ in [] })
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

    private static func step(
        _ type: String, _ schema: Int?, edit: AttributeChange.Edit?, _ rename: @escaping @Sendable (inout EventDraft) -> Void
    ) -> RuleStep {
        RuleStep([type]) { draft in
            guard schema == nil || draft.schema == schema else { return nil }
            var draft = draft
            if let edit {
                var data = try draft.data()
                try edit(&data)
                draft.setData(data)
            }
            rename(&draft)
            return [draft]
        }
    }

    private static func splitting(
        _ type: String, _ types: [String], _ split: @escaping @Sendable (Value) throws -> [Value]
    ) -> RuleStep {
        RuleStep([type]) { draft in
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
        RuleStep(Set(types), state: [:]) { draft, state in
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
    }
}
