import EventSourcing
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension StackFunctions {
    /// What this executable offers, for the tool: JSON of a `Catalogue`.
    func catalogue() throws -> String {
        var catalogue: [String: Value] = [:]
        catalogue["commands"] = Self.texts(commands.map(\.name))
        catalogue["projections"] = Self.texts(projections.map(\.name))
        catalogue["streamProjections"] = Self.texts(projections.filter(\.isOfStreams).map(\.name))
        catalogue["reactors"] = Self.texts(reactors.map { $0.name })
        catalogue["transforms"] = .list(transforms.map(Self.transformEntry))
        catalogue["mappings"] = Self.texts(mappings.map(\.name))
        catalogue["eventTypes"] = .list(events.all.map { Self.typeEntry($0) })
        catalogue["casts"] = .list(events.reading.casts.map(Self.castEntry))
        return try StableJSON.encode(Value.object(catalogue))
    }

    private static func texts(_ texts: [String]) -> Value { .list(texts.map { .string($0) }) }

    private static func transformEntry(_ transform: AnyTransform) -> Value {
        var entry: Value = [
            "name": .string(transform.name), "reversible": .bool(transform.reverse != nil),
            "merging": .bool(transform.forward.layout == .merging), "forward": ruleEntries(transform.forward),
        ]
        if let types = transform.forward.typesOfOutcomes { entry["types"] = texts(types.sorted()) }
        if let reverse = transform.reverse { entry["back"] = ruleEntries(reverse) }
        return entry
    }

    private static func ruleEntries(_ mapping: Mapping) -> Value {
        .list(mapping.outcomes.map { outcomes in Value.list(outcomes.map(outcomeEntry)) })
    }

    private static func outcomeEntry(_ outcome: RuleOutcome) -> Value {
        var entry: Value = [:]
        if let type = outcome.type { entry["type"] = .string(type) }
        entry.set("schema", outcome.schema)
        if let parts = outcome.parts { entry["parts"] = .list(parts.map(partEntry)) }
        return entry
    }

    private static func partEntry(_ part: RuleOutcome.Part) -> Value {
        var entry: Value = ["type": .string(part.type), "keepsData": .bool(part.keepsData)]
        entry.set("schema", part.schema)
        return entry
    }

    private static func typeEntry(_ type: any EventPayload.Type) -> Value {
        var entry: Value = ["name": .string(type.type)]
        entry.set("schema", type.schema)
        if let fields = PayloadFields.of(type) { entry["fields"] = .object(fields.mapValues(fieldEntry)) }
        return entry
    }

    private static func fieldEntry(_ field: PayloadFields.Field) -> Value {
        var entry: Value = ["kind": .string(field.kind.rawValue), "optional": .bool(field.isOptional)]
        if let cases = field.cases { entry["cases"] = texts(cases) }
        return entry
    }

    private static func castEntry(_ cast: Rules.Cast) -> Value {
        var entry: Value = ["type": .string(cast.type), "newType": .string(cast.newType), "reversible": .bool(cast.isReversible)]
        entry.set("schema", cast.schema)
        entry.set("newSchema", cast.newSchema)
        return entry
    }
}

extension Mapping {
    /// `nil` where a rule may change any type.
    fileprivate var typesOfOutcomes: Set<String>? {
        let types = outcomes.joined().map(\.type)
        return types.contains(nil) ? nil : Set(types.compactMap(\.self))
    }
}

extension Value {
    fileprivate mutating func set(_ field: String, _ number: Int?) {
        if let number { self[field] = .number(Decimal(number)) }
    }
}
