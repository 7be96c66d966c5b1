import Orchestrator

/// How a person names an effect in doubt: `<reactor>/<eventId>`.
enum DoubtID {
    static func text(_ doubt: EffectList.Doubt) -> String { "\(doubt.reactor)/\(doubt.eventId)" }

    /// The effects that are named, all of them or none: a typing error must not resolve half.
    static func resolve(_ names: [String], among doubts: [EffectList.Doubt]) throws -> [EffectList.Doubt] {
        let unknown = names.filter { name in !doubts.contains { text($0) == name } }
        guard unknown.isEmpty else { throw UnknownDoubt(names: unknown, known: doubts.map(text)) }
        return doubts.filter { names.contains(text($0)) }
    }
}

/// Effects that aren't in doubt.
struct UnknownDoubt: Error, CustomStringConvertible {
    var names: [String]
    var known: [String]

    var description: String {
        let what = "not in doubt: \(names.joined(separator: ", ")). Nothing was changed."
        return what + (known.isEmpty ? "\nhint: no effect is in doubt" : "\nhint: in doubt are " + known.joined(separator: ", "))
    }
}
