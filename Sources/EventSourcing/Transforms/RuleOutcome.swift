/// What one direction of a rule makes of one type of event, as far as the rule says so without seeing an event. Where an event goes is no part of
/// it.
public struct RuleOutcome: Sendable, Hashable {
    /// An event that comes of it.
    public struct Part: Sendable, Hashable {
        public var type: String
        /// `nil`: as it was.
        public var schema: Int?
        /// Whether its data is the source's.
        public var keepsData: Bool
    }

    /// `nil`: any.
    public var type: String?
    /// `nil`: any.
    public var schema: Int?
    /// `nil`: a function decides, which may keep the event as well.
    public var parts: [Part]?

    /// A function decides what becomes of these types; `nil`: of any.
    static func byFunction(on types: Set<String>?) -> [RuleOutcome] {
        guard let types else { return [RuleOutcome(type: nil, schema: nil, parts: nil)] }
        return types.sorted().map { RuleOutcome(type: $0, schema: nil, parts: nil) }
    }

    /// After each event of a type comes one of another.
    static func adding(_ type: String, _ schema: Int, after other: String) -> RuleOutcome {
        RuleOutcome(
            type: other, schema: nil,
            parts: [Part(type: other, schema: nil, keepsData: true), Part(type: type, schema: schema, keepsData: false)])
    }

    /// The data of a type is changed, and nothing else.
    static func edited(_ type: String) -> RuleOutcome {
        RuleOutcome(type: type, schema: nil, parts: [Part(type: type, schema: nil, keepsData: false)])
    }
}
