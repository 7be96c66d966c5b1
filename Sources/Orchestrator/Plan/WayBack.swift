import StackDescription

/// What a rollback would find, as far as it can be told before the cutover.
public struct WayBack: Sendable, Hashable, Codable {
    /// A type of event that the next release may write.
    public struct Finding: Sendable, Hashable, Codable {
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
    /// What the live one couldn't read when it comes back. Absent where one of the two releases doesn't say which event types it has.
    public var unreadable: [Finding]?
    /// What only commits after the cutover would show: the live release has no such type, and code decides what comes back of it, or nothing does.
    /// No replayed event proves it. Absent where `unreadable` is.
    public var untold: [Finding]?

    /// - Parameters:
    ///   - live: the release that the writes would come back to.
    ///   - next: what the functions of the other one say that they contain; it may write all of their event types.
    public init(to live: ReleaseRecord, next: Catalogue?, transform: Transform?, proof: ReplayProof?) {
        isReversible = transform?.reversible ?? true
        proven = proof?.proven
        unproven = proof?.unproven
        let findings = Self.findings(live.catalogue, named: live.release, next, transform)
        unreadable = findings?.unreadable
        untold = findings?.untold
    }

    init(from candidate: ReleaseRecord, to live: ReleaseRecord) {
        self.init(to: live, next: candidate.catalogue, transform: candidate.manifest.transform, proof: candidate.replayed)
    }

    /// E.g. `OrderPaid ×2, OrderPlaced ×40`.
    public var unprovenTypes: String {
        (unproven ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key) ×\($0.value)" }.joined(separator: ", ")
    }

    /// E.g. `'OrderPlaced' schema 2 (r1 has schema 1, and no rule for reading leads there)`.
    var unreadableTypes: String { Self.text(unreadable) }

    /// What "lossless" doesn't tell of; `nil` where there is nothing.
    public var doubt: String? {
        guard unreadable != nil else { return "whether the live release reads what the next one writes isn't on record" }
        return untold.flatMap { $0.isEmpty ? nil : "that says nothing of \(Self.text($0))" }
    }

    private static func text(_ findings: [Finding]?) -> String {
        (findings ?? []).map { "\($0.kind) (\($0.reason))" }.joined(separator: ", ")
    }

    private static func findings(
        _ live: Catalogue?, named name: String, _ next: Catalogue?, _ transform: Transform?
    ) -> (unreadable: [Finding], untold: [Finding])? {
        guard transform?.reversible ?? true else { return ([], []) }
        // A release without any reads its events by itself.
        guard let live, let next, !live.eventTypes.isEmpty, !next.eventTypes.isEmpty else { return nil }
        var rules: [[Catalogue.OutcomeEntry]] = []
        if let transform {
            guard let back = next.transforms.first(where: { $0.name == transform.name })?.rulesBack else { return nil }
            rules = back
        }
        let reader = EventReader(catalogue: live)
        var (unreadable, untold) = ([Finding](), [Finding]())
        for type in next.eventTypes {
            let kind = EventKind(type: type.name, schema: type.schema)
            let route = EventRoute(of: kind, by: rules)
            func found(_ reason: String) -> Finding { Finding(type: type.name, schema: type.schema, reason: reason) }
            let reasons = route.endings.compactMap { ending in
                reader.misfit(ending, fields: type.fields).map { misfit in
                    (ending.kind == kind ? "" : "its way back makes \(ending.kind.text) of it, and ") + misfit.back(to: name)
                }
            }
            if let first = reasons.first {
                unreadable.append(found(first))
            } else if reader.entry(type.name) == nil, route.isOpen {
                untold.append(found("new, and the transform's code decides what comes back of it"))
            } else if reader.entry(type.name) == nil, route.endings.isEmpty {
                untold.append(found("new, and its way back drops it"))
            }
        }
        return (unreadable, untold)
    }
}

extension WayBack.Finding {
    /// E.g. `'OrderPlaced' schema 2`.
    public var kind: String { EventKind(type: type, schema: schema).text }
}
