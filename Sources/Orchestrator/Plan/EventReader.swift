import StackDescription

/// A type of event in one version of its schema.
struct EventKind: Hashable {
    var type: String
    var schema: Int

    var text: String { "'\(type)' schema \(schema)" }
}

/// What a release can read of stored events, by its catalogue.
struct EventReader {
    let catalogue: Catalogue

    enum Reading: Hashable {
        /// Its own type and schema version. What differs in the fields and does no harm.
        case asItIs([String])
        /// By its rules for reading, as this; and why not as it is.
        case byRules(EventKind, Misfit)
        case not(Misfit)
    }

    /// Why events aren't read as they are.
    enum Misfit: Hashable {
        case noType
        /// The version that is known of the type.
        case schema(known: Int, found: Int)
        case field(FieldMisfit)
    }

    func entry(_ type: String) -> Catalogue.EventTypeEntry? { catalogue.eventTypes.first { $0.name == type } }

    /// - Parameter fields: those that are written; `nil` where they can't be told.
    func reading(_ kind: EventKind, fields: FieldFit.Fields?) -> Reading {
        guard let known = entry(kind.type) else { return byRules(kind, .noType) }
        guard known.schema == kind.schema else { return byRules(kind, .schema(known: known.schema, found: kind.schema)) }
        // A type that is known as it is passes no rule.
        return switch FieldFit.of(written: fields, read: known.fields) {
        case .same: .asItIs([])
        case .reads(let notes): .asItIs(notes)
        case .breaks(let field): .not(.field(field))
        }
    }

    /// The versions of types that it reads by its rules, though it has none of them: what older releases stored.
    var older: [EventKind] {
        let casts = catalogue.casts ?? []
        var schemas: Set = [1]
        schemas.formUnion(catalogue.eventTypes.map(\.schema))
        schemas.formUnion(casts.compactMap(\.schema) + casts.compactMap(\.newSchema))
        let kinds = casts.flatMap { cast -> [EventKind] in
            if let schema = cast.schema { return [EventKind(type: cast.type, schema: schema)] }
            // What takes any version and gives one of its own is turned around to the first.
            return (cast.newSchema == nil ? schemas : [1]).map { EventKind(type: cast.type, schema: $0) }
        }
        return Set(kinds).filter { entry($0.type)?.schema != $0.schema && Self.path($0, casts, until: knows) != nil }
            .sorted { ($0.type, $0.schema) < ($1.type, $1.schema) }
    }

    private func knows(_ kind: EventKind) -> Bool { entry(kind.type)?.schema == kind.schema }

    private func byRules(_ kind: EventKind, _ misfit: Misfit) -> Reading {
        let casts = catalogue.casts ?? []
        let found = Self.path(kind, casts, until: knows) ?? Self.path(kind, casts.reversed().compactMap(\.backwards), until: knows)
        return found.map { Reading.byRules($0, misfit) } ?? .not(misfit)
    }

    /// Where the first of the rules lead that end at what is known.
    private static func path(_ kind: EventKind, _ casts: [Catalogue.CastEntry], until isKnown: (EventKind) -> Bool) -> EventKind? {
        var at = kind
        for cast in casts where cast.type == at.type && (cast.schema ?? at.schema) == at.schema {
            at = EventKind(type: cast.newType, schema: cast.newSchema ?? at.schema)
            if isKnown(at) { return at }
        }
        return nil
    }
}

extension EventReader.Misfit {
    /// Of the next release, which reads what the live one stored.
    var forward: String {
        switch self {
        case .noType: "the next release has no such event type"
        case .schema(let known, let found): "its schema goes from \(found) to \(known)"
        case .field(let field): field.forward
        }
    }

    /// Of the next release, which reads what a transform made.
    var ofResult: String {
        if case .schema(let known, _) = self { "the next release has schema \(known)" } else { forward }
    }

    /// Of a release to which events come back.
    func back(to release: String) -> String {
        switch self {
        case .noType: "\(release) has no such event type"
        case .schema(let known, _): "\(release) has schema \(known), and no rule for reading leads there"
        case .field(let field): field.back(to: release)
        }
    }
}

extension Catalogue.CastEntry {
    /// For a newer event, where it has a way back.
    fileprivate var backwards: Catalogue.CastEntry? {
        guard reversible == true else { return nil }
        return Catalogue.CastEntry(type: newType, schema: newSchema, newType: type, newSchema: newSchema == nil ? nil : schema ?? 1)
    }
}
