/// Rules in the order in which an event passes them: each sees what the one before it left.
///
/// ```swift
/// static let rules: Rules = [
///     .on("OrderPlaced", become: OrderSubmitted.self, [.rename("qty", to: "quantity")]),
///     .deleteEvent("OrderViewed"),
/// ]
/// ```
public struct Rules: Sendable, ExpressibleByArrayLiteral {
    public let forward: Mapping
    /// All rules backwards; `nil` where one of them has no way back.
    public let reverse: Mapping?

    /// The changes of an event's name or schema that they make.
    public let casts: [Cast]
    private let all: [Rule]

    /// That events of one type and schema become those of another, each by itself.
    public struct Cast: Sendable, Hashable {
        public var type: String
        /// `nil`: any.
        public var schema: Int?
        public var newType: String
        /// `nil`: as it was.
        public var newSchema: Int?
        /// Whether a newer event passes it backwards.
        public var isReversible = false
    }

    /// Each by itself.
    var each: [Rules] { all.map { Rules([$0]) } }

    public init(arrayLiteral rules: Rule...) { self.init(rules) }

    public init(_ rules: [Rule]) {
        all = rules
        casts = rules.compactMap(\.cast)
        let order = rules.compactMap(\.order).last
        let moves = rules.contains(where: \.moves)
        forward = RuleChain(rules.map(\.forward)).mapping(order != nil ? .merging : moves ? .moving : .inPlace, order: order)
        let back = rules.reversed().compactMap(\.reverse)
        reverse = back.count == rules.count ? RuleChain(back).mapping(moves ? .merging : .inPlace, order: nil) : nil
    }
}

/// One conversion of a transform, with its way back where it has one.
public struct Rule: Sendable {
    let forward: RuleStep
    let reverse: RuleStep?
    /// Whether events go to other streams.
    var moves = false
    /// The place of an event where several streams become one; `nil`: no stream is fed by several.
    var order: (@Sendable (StoredEvent) throws -> String)?

    var cast: Rules.Cast?

    init(_ forward: RuleStep, back: RuleStep? = nil, cast: Rules.Cast? = nil) {
        self.forward = forward
        reverse = back
        self.cast = cast
        self.cast?.isReversible = back != nil
    }
}

/// One direction of a rule.
struct RuleStep: Sendable {
    /// The types of event that it looks at; `nil`: all.
    var types: Set<String>?
    /// What it says of its results, for each type whose events it changes, adds to, or drops for their type. Nothing of types that it only moves.
    var outcomes: [RuleOutcome]
    /// What it starts a stream with; `nil`: it keeps no state.
    var initial: Value?
    /// Returns `nil` where the draft passes as it is.
    var apply: @Sendable (EventDraft, inout Value) throws -> [EventDraft]?
    /// What it adds at the cut. The draft is the stream's last event, `nil` where it had none.
    var close: (@Sendable (EventDraft?, inout Value) throws -> [EventDraft])?
    /// By its state: the types of earlier events of which nothing was made yet, because they wait for a later one.
    var waiting: (@Sendable (Value) -> Set<String>)?

    /// Keeps no state.
    init(_ types: Set<String>?, makes outcomes: [RuleOutcome], _ apply: @escaping @Sendable (EventDraft) throws -> [EventDraft]?) {
        self.types = types
        self.outcomes = outcomes
        self.apply = { draft, _ in try apply(draft) }
    }

    init(
        _ types: Set<String>?, makes outcomes: [RuleOutcome], state: Value,
        close: (@Sendable (EventDraft?, inout Value) throws -> [EventDraft])? = nil,
        _ apply: @escaping @Sendable (EventDraft, inout Value) throws -> [EventDraft]?
    ) {
        self.types = types
        self.outcomes = outcomes
        self.initial = state
        self.close = close
        self.apply = apply
    }
}
