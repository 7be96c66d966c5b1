import StackDescription

/// What a rollback would find, as far as it can be told before the cutover.
public struct WayBack: Sendable, Hashable, Codable {
    /// What the next release may write, and the live one couldn't read when it comes back.
    public struct Unreadable: Sendable, Hashable, Codable {
        public var type: String
        public var schema: Int
        public var reason: String
    }

    /// Whether there is one: without a transform always, else as the manifest says.
    public var isReversible: Bool
    /// Replayed events that came back as they were; absent until a replay is proven.
    public var proven: Int?
    /// How many didn't, by type; absent until a replay is proven.
    public var unproven: [String: Int]?
    /// Absent where one of the two releases doesn't say which event types it has.
    public var unreadable: [Unreadable]?

    /// - Parameters:
    ///   - live: the release that the writes would come back to.
    ///   - next: what the functions of the other one say that they contain; it may write all of their event types.
    public init(to live: ReleaseRecord, next: Catalogue?, transform: Transform?, proof: ReplayProof?) {
        isReversible = transform?.reversible ?? true
        proven = proof?.proven
        unproven = proof?.unproven
        unreadable = Self.unreadable(live.catalogue, named: live.release, next, transform)
    }

    init(from candidate: ReleaseRecord, to live: ReleaseRecord) {
        self.init(to: live, next: candidate.catalogue, transform: candidate.manifest.transform, proof: candidate.replayed)
    }

    /// E.g. `OrderPaid ×2, OrderPlaced ×40`.
    public var unprovenTypes: String {
        (unproven ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key) ×\($0.value)" }.joined(separator: ", ")
    }

    /// E.g. `'OrderPlaced' schema 2 (r1 has schema 1, and no rule for reading leads there)`.
    var unreadableTypes: String { (unreadable ?? []).map { "\($0.kind) (\($0.reason))" }.joined(separator: ", ") }

    private static func unreadable(
        _ live: Catalogue?, named name: String, _ next: Catalogue?, _ transform: Transform?
    ) -> [Unreadable]? {
        guard transform?.reversible ?? true else { return [] }
        // A release without any reads its events by itself.
        guard let live, let next, !live.eventTypes.isEmpty, !next.eventTypes.isEmpty else { return nil }
        var rules: [[Catalogue.OutcomeEntry]] = []
        if let transform {
            guard let back = next.transforms.first(where: { $0.name == transform.name })?.rulesBack else { return nil }
            rules = back
        }
        let reader = EventReader(catalogue: live)
        return next.eventTypes.compactMap { type -> Unreadable? in
            let kind = EventKind(type: type.name, schema: type.schema)
            for ending in EventRoute(of: kind, by: rules).endings {
                guard let misfit = reader.misfit(ending, fields: type.fields) else { continue }
                let made = ending.kind == kind ? "" : "its way back makes \(ending.kind.text) of it, and "
                return Unreadable(type: type.name, schema: type.schema, reason: made + misfit.back(to: name))
            }
            return nil
        }
    }
}

extension WayBack.Unreadable {
    /// E.g. `'OrderPlaced' schema 2`.
    public var kind: String { EventKind(type: type, schema: schema).text }
}
