/// One condition of a handover, with its figure. All are listed, none is skipped silently.
public struct Guardrail: Sendable, Hashable, Codable {
    /// The name by which it can be waived.
    public var name: String
    public var holds: Bool
    /// What was found, e.g. `64 of 64 shards proven`.
    public var figure: String
    /// Whether a person may go on without it.
    public var waivable: Bool
    public var waived = false

    public init(_ name: String, _ holds: Bool, _ figure: String, waivable: Bool = false) {
        self.name = name
        self.holds = holds
        self.figure = figure
        self.waivable = waivable
    }

    public var lets: Bool { holds || waived }

    /// Those that a person may ever go on without. Which of them do so depends on what was found: parity only where it is inconclusive.
    static let waivable: Set = ["effects", "mappings", "parity", "parked", "quarantine", "recheck", "way-back"]

    /// A name of one that holds, or that this handover doesn't have, waives nothing. Throws ``NotWaivable``.
    static func waive(_ guardrails: [Guardrail], _ names: Set<String>) throws -> [Guardrail] {
        let refusing = guardrails.filter { !$0.holds && !$0.waivable }.map(\.name)
        if let bad = names.subtracting(waivable).union(names.intersection(refusing)).sorted().first {
            throw NotWaivable(name: bad, known: waivable.subtracting(refusing).sorted().joined(separator: ", "))
        }
        return guardrails.map { rail in
            var rail = rail
            rail.waived = !rail.holds && names.contains(rail.name)
            return rail
        }
    }
}

/// A handover that its guardrails refuse.
public struct GuardrailsRefuse: Error, Sendable, CustomStringConvertible {
    /// All of them, those that hold included.
    public var guardrails: [Guardrail]
    public var refusing: [Guardrail] { guardrails.filter { !$0.lets } }

    public var description: String {
        let lines = guardrails.map { rail in
            "  \(rail.lets ? "✓" : "✗")  \(rail.name): \(rail.figure)\(rail.waivable && !rail.lets ? "  (--waive \(rail.name))" : "")"
        }
        return "refused by \(refusing.count == 1 ? "a guardrail" : "\(refusing.count) guardrails"):\n" + lines.joined(separator: "\n")
            + "\nNothing was changed."
    }
}

/// A guardrail that can't be waived, or doesn't exist.
public struct NotWaivable: Error, Sendable, CustomStringConvertible {
    public var name: String
    public var known: String

    public var description: String { "'\(name)' is no guardrail that can be waived; those are: \(known)" }
}
