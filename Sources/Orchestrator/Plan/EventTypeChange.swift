import StackDescription

/// What becomes of one event type of the live release in the next one, and why.
public struct EventTypeChange: Sendable, Hashable, Codable {
    public enum Verdict: String, Sendable, Codable {
        /// Type, schema and fields are the same.
        case identical
        /// The next release reads the events as they are; none has to be copied otherwise.
        case upcast
        /// A rule of the manifest's transform names it and leads to what the next release has, or a function decides; the replay shows what it
        /// becomes.
        case transform
        /// Nothing makes of these events what the next release reads.
        case breaking
        /// The live release doesn't have it.
        case new
    }

    public var type: String
    /// Schema versions, where the release has the type. Of one that the live release reads by a rule alone: the version that it reads.
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
        let comparison = Comparison(next: EventReader(catalogue: next), transform: entry)
        // Of each type the version that is written now, then older ones, the latest first.
        let current = live.eventTypes.map { Stored(kind: EventKind(type: $0.name, schema: $0.schema), fields: $0.fields) }
        let older = EventReader(catalogue: live).older.reversed().map { Stored(kind: $0, fields: nil) }
        let stored = Dictionary(grouping: current + older) { $0.kind.type }
        let new = next.eventTypes.filter { stored[$0.name] == nil }.map { type in
            EventTypeChange(type: type.name, live: nil, next: type.schema, verdict: .new, reason: "the live release doesn't have it")
        }
        return (stored.values.compactMap(comparison.change(ofAll:)) + new).sorted { $0.type < $1.type }
    }
}

/// Events of the live release.
private struct Stored {
    var kind: EventKind
    /// `nil` where they can't be told.
    var fields: FieldFit.Fields?
}

private struct Comparison {
    let next: EventReader
    let transform: Catalogue.TransformEntry?

    /// Of all versions of one type: what becomes of the first, unless another one breaks.
    func change(ofAll versions: [Stored]) -> EventTypeChange? {
        let changes = versions.map(change(of:))
        guard var first = changes.first, first.verdict != .breaking, let broken = changes.first(where: { $0.verdict == .breaking }) else {
            return changes.first
        }
        first.verdict = .breaking
        first.reason = "schema \(broken.live ?? 1), which the live release reads by a rule: \(broken.reason)"
        return first
    }

    private func change(of stored: Stored) -> EventTypeChange {
        let (found, reason) = verdict(stored.kind, stored.fields)
        return EventTypeChange(
            type: stored.kind.type, live: stored.kind.schema, next: next.entry(stored.kind.type)?.schema, verdict: found, reason: reason)
    }

    private func verdict(_ kind: EventKind, _ fields: FieldFit.Fields?) -> (EventTypeChange.Verdict, String) {
        var isOpen = false
        if let transform {
            let route = EventRoute(of: kind, by: transform.rules)
            isOpen = route.isOpen
            if route.isNamed {
                if let problem = problem(of: route, from: kind, fields, transform.name) { return (.breaking, problem) }
                return (.transform, Self.result(of: route, from: kind, transform.name))
            }
        }
        switch next.reading(kind, fields: fields) {
        case .asItIs(let notes) where notes.isEmpty:
            return (.identical, fields == nil ? "the same schema version" : "the same schema version and fields")
        case .asItIs(let notes):
            return (.upcast, notes.joined(separator: ", "))
        case .byRules(let found, let misfit):
            return (.upcast, "\(misfit.forward); it is read as \(found.text)")
        case .not(let misfit):
            if let transform, isOpen { return (.transform, "\(misfit.forward); the transform '\(transform.name)' may change any type") }
            let missing = transform.map { "the transform '\($0.name)' doesn't name it" } ?? "no transform changes it"
            return (.breaking, "\(misfit.forward); no rule for reading leads to a known schema, and \(missing)")
        }
    }

    /// Why the next release can't read what the transform's rules say that they make.
    private func problem(of route: EventRoute, from kind: EventKind, _ fields: FieldFit.Fields?, _ transform: String) -> String? {
        for ending in route.endings {
            guard let misfit = next.misfit(ending, fields: fields) else { continue }
            if ending == EventRoute.Ending(kind: kind) { return "\(misfit.forward), and the transform '\(transform)' keeps it" }
            return "the transform '\(transform)' makes \(ending.kind.text) of it, and \(misfit.ofResult)"
        }
        return nil
    }

    private static func result(of route: EventRoute, from kind: EventKind, _ transform: String) -> String {
        let others = route.endings.map(\.kind).filter { $0 != kind }
        guard !route.isOpen, !others.isEmpty else { return "the transform '\(transform)' names it" }
        return "the transform '\(transform)' makes \(others.map(\.text).joined(separator: ", ")) of it"
    }
}
