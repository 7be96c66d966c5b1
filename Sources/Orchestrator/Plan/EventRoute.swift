import StackDescription

/// What a transform's rules make of one type of event, as far as they say so.
struct EventRoute {
    struct Ending: Hashable {
        var kind: EventKind
        /// Whether its data is the source's.
        var keepsData = true
        /// Whether a rule changed its data and says nothing of its schema.
        var leavesSchemaOpen = false
    }

    /// The events that come of it; empty where it is dropped, or absorbed by a later one.
    private(set) var endings: [Ending]
    /// Whether it may become something that no rule tells: a function decides.
    private(set) var isOpen = false
    /// Whether a rule names its type, or the type of what came of it.
    private(set) var isNamed = false

    /// - Parameter rules: in the order in which it passes them.
    init(of kind: EventKind, by rules: [[Catalogue.OutcomeEntry]]) {
        endings = [Ending(kind: kind)]
        for rule in rules { pass(rule) }
    }

    private mutating func pass(_ rule: [Catalogue.OutcomeEntry]) {
        var next: [Ending] = []
        for ending in endings {
            guard let outcome = rule.first(where: { $0.takes(ending.kind) }) else {
                next.append(ending)
                continue
            }
            isNamed = isNamed || outcome.type != nil
            if let parts = outcome.parts { next += parts.map(ending.becoming) } else { isOpen = true }
        }
        // A rule that makes several of one may be there more than once.
        var seen: Set<Ending> = []
        endings = next.filter { seen.insert($0).inserted }
    }
}

extension EventRoute.Ending {
    fileprivate func becoming(_ part: Catalogue.OutcomeEntry.Part) -> EventRoute.Ending {
        var ending = self
        ending.kind.type = part.type
        if let schema = part.schema {
            ending.kind.schema = schema
            ending.leavesSchemaOpen = false
        } else if !part.keepsData {
            ending.leavesSchemaOpen = true
        }
        ending.keepsData = keepsData && part.keepsData
        return ending
    }
}

extension EventReader {
    /// Whether the release reads what a transform's rules made; `nil` where it does.
    /// - Parameter fields: those of the event that it was made of.
    func misfit(_ ending: EventRoute.Ending, fields: FieldFit.Fields?) -> Misfit? {
        // Data that was made for a type is read by that type, whatever version it still has.
        if ending.leavesSchemaOpen, entry(ending.kind.type) != nil { return nil }
        guard case .not(let misfit) = reading(ending.kind, fields: ending.keepsData ? fields : nil) else { return nil }
        return misfit
    }
}

extension Catalogue.OutcomeEntry {
    fileprivate func takes(_ kind: EventKind) -> Bool {
        (type ?? kind.type) == kind.type && (schema ?? kind.schema) == kind.schema
    }
}

extension Catalogue.TransformEntry {
    private static let anything = [[Catalogue.OutcomeEntry(type: nil, schema: nil, parts: nil)]]

    /// Of a product that doesn't say what its rules make, as far as it says which types they change.
    var rules: [[Catalogue.OutcomeEntry]] {
        if let forward { return forward }
        guard let types else { return Self.anything }
        return [types.map { Catalogue.OutcomeEntry(type: $0, schema: nil, parts: nil) }]
    }

    /// `nil` where it has no way back.
    var rulesBack: [[Catalogue.OutcomeEntry]]? {
        guard reversible else { return nil }
        return back ?? Self.anything
    }
}
