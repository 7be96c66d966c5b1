import StackDescription

/// What becomes of one event type of the live release in the next one, and why.
public struct EventTypeChange: Sendable, Hashable, Codable {
    public enum Verdict: String, Sendable, Codable {
        /// Type, schema and fields are the same.
        case identical
        /// The next release reads the events as they are; none has to be copied otherwise.
        case upcast
        /// The manifest's transform may change it; the replay shows that it does.
        case transform
        /// Nothing makes of these events what the next release reads.
        case breaking
        /// The live release doesn't have it.
        case new
    }

    public var type: String
    /// Schema versions, where the release has the type.
    public var live: Int?
    public var next: Int?
    public var verdict: Verdict
    public var reason: String

    /// For people, where the next release can't read these events.
    var warning: String? {
        verdict == .breaking ? "the next release can't read events of type '\(type)': \(reason)" : nil
    }

    /// Compares what two releases say of their event types. `transform`: the one that the next manifest names.
    public static func compare(live: Catalogue, next: Catalogue, transform: Transform?) -> [EventTypeChange] {
        let entry = transform.flatMap { named in next.transforms.first { $0.name == named.name } }
        let comparison = Comparison(next: next, transform: entry)
        let known = Set(live.eventTypes.map(\.name))
        let new = next.eventTypes.filter { !known.contains($0.name) }.map { type in
            EventTypeChange(type: type.name, live: nil, next: type.schema, verdict: .new, reason: "the live release doesn't have it")
        }
        return (live.eventTypes.map(comparison.change) + new).sorted { $0.type < $1.type }
    }
}

private struct Comparison {
    let next: Catalogue
    let transform: Catalogue.TransformEntry?

    func change(of old: Catalogue.EventTypeEntry) -> EventTypeChange {
        let new = next.eventTypes.first { $0.name == old.name }
        func verdict(_ verdict: EventTypeChange.Verdict, _ reason: String) -> EventTypeChange {
            EventTypeChange(type: old.name, live: old.schema, next: new?.schema, verdict: verdict, reason: reason)
        }
        let difference = new.map { Self.difference(old, $0) } ?? .breaks("the next release has no such event type")
        if let transform, let types = transform.types, types.contains(old.name) {
            return verdict(.transform, "the transform '\(transform.name)' names it")
        }
        switch difference {
        case .none:
            return verdict(.identical, old.fields == nil ? "the same schema version" : "the same schema version and fields")
        case .reads(let reason):
            return verdict(.upcast, reason)
        case .breaks(let reason):
            if let path = castPath(of: old) { return verdict(.upcast, "\(reason); it is read as \(path)") }
            if let transform, transform.types == nil {
                return verdict(.transform, "\(reason); the transform '\(transform.name)' may change any type")
            }
            let missing = transform.map { "the transform '\($0.name)' doesn't name it" } ?? "no transform changes it"
            return verdict(.breaking, "\(reason); no rule for reading leads to a known schema, and \(missing)")
        }
    }

    /// The name and schema that the next release's rules for reading lead to, where it knows them.
    private func castPath(of old: Catalogue.EventTypeEntry) -> String? {
        var (name, schema) = (old.name, old.schema)
        for cast in next.casts ?? [] where cast.type == name && (cast.schema ?? schema) == schema {
            (name, schema) = (cast.newType, cast.newSchema ?? schema)
            if next.eventTypes.contains(where: { $0.name == name && $0.schema == schema }) { return "'\(name)' schema \(schema)" }
        }
        return nil
    }

    private enum Difference {
        case none
        case reads(String)
        case breaks(String)
    }

    private static func difference(_ old: Catalogue.EventTypeEntry, _ new: Catalogue.EventTypeEntry) -> Difference {
        if old.schema != new.schema { return .breaks("its schema goes from \(old.schema) to \(new.schema)") }
        guard let before = old.fields, let after = new.fields, before != after else { return .none }
        var harmless: [String] = []
        for (path, field) in after.sorted(by: { $0.key < $1.key }) {
            guard let earlier = before[path] else {
                guard field.optional || hasOptionalParent(path, after) else {
                    return .breaks("the field '\(path)' is new and required, with the same schema version")
                }
                harmless.append("'\(path)' is new and optional")
                continue
            }
            if earlier.kind != field.kind, field.kind != "any" {
                return .breaks("the field '\(path)' goes from \(earlier.kind) to \(field.kind), with the same schema version")
            }
            if earlier.optional, !field.optional {
                return .breaks("the field '\(path)' becomes required, with the same schema version")
            }
            if earlier != field { harmless.append("'\(path)' is read more widely") }
        }
        for path in before.keys.sorted() where after[path] == nil { harmless.append("'\(path)' is read no more") }
        return .reads(harmless.joined(separator: ", "))
    }

    /// `lines[].sku` of a list that may be missing.
    private static func hasOptionalParent(_ path: String, _ fields: [String: Catalogue.FieldEntry]) -> Bool {
        fields.contains { $0.value.optional && path.hasPrefix($0.key + ".") }
    }
}
