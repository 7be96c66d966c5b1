/// One direction of a transform: what an event becomes, given what the stream's earlier events left as state. Pure and deterministic.
public struct Mapping: Sendable {
    /// Where the events of one stream go.
    public enum Layout: Sendable, Hashable {
        /// Each stays in its stream.
        case inPlace
        /// To other streams too, each of which is fed by one stream alone.
        case moving
        /// To streams that several may feed.
        case merging
    }

    public let layout: Layout
    /// Whether an event's conversion may depend on earlier events of its stream.
    public let hasState: Bool
    /// Whether nothing is changed, so that nothing has to be looked at.
    public let isIdentity: Bool
    /// The types of event that may be changed; `nil` where any may.
    public let types: Set<String>?
    /// What each of its rules says of its results, in the order in which an event passes them. An event of which a rule says nothing passes it as
    /// it is, or is dropped for another reason than its type.
    public let outcomes: [[RuleOutcome]]
    let initialState: Value
    private let convert: @Sendable (StoredEvent, inout Value) throws -> [EventDraft]?
    private let close: (@Sendable (StoredEvent?, inout Value) throws -> [EventDraft])?
    private let orderKey: (@Sendable (StoredEvent) throws -> String)?
    private let waiting: (@Sendable (Value) -> Set<String>)?

    /// - Parameters:
    ///   - convert: `nil`: the event is kept as it is.
    ///   - close: what a stream gets at the cut, by its last event up to it.
    ///   - order: the place of what comes of an event among what other streams give to the same stream.
    ///   - waiting: by its state, the types of earlier events of a stream of which nothing was made yet.
    init(
        layout: Layout, hasState: Bool = false, types: Set<String>? = nil, outcomes: [[RuleOutcome]] = [], isIdentity: Bool = false,
        initialState: Value = .null, order: (@Sendable (StoredEvent) throws -> String)? = nil,
        close: (@Sendable (StoredEvent?, inout Value) throws -> [EventDraft])? = nil,
        waiting: (@Sendable (Value) -> Set<String>)? = nil,
        convert: @escaping @Sendable (StoredEvent, inout Value) throws -> [EventDraft]?
    ) {
        self.layout = layout
        self.hasState = hasState
        self.types = types
        self.outcomes = outcomes
        self.isIdentity = isIdentity
        self.initialState = initialState
        orderKey = order
        self.close = close
        self.waiting = waiting
        self.convert = convert
    }

    /// Converts each event by itself.
    public init(_ convert: @escaping @Sendable (StoredEvent) throws -> Conversion) {
        self.init(layout: .inPlace, outcomes: [RuleOutcome.byFunction(on: nil)]) { event, _ in
            switch try convert(event) {
            case .keep: return nil
            case .drop: return []
            case .replace(let content): return Self.drafts([content], of: event)
            case .split(let contents): return Self.drafts(contents, of: event)
            }
        }
    }

    public static let identity = Mapping(layout: .inPlace, types: [], isIdentity: true) { _, _ in nil }

    /// Whether something is added at the cut.
    public var closesAtCut: Bool { close != nil }

    private static func drafts(_ contents: [ConvertedEvent], of event: StoredEvent) -> [EventDraft] {
        contents.enumerated().map { index, content in
            var draft = EventDraft(event)
            draft.become(content)
            draft.keepsId = index == 0
            return draft
        }
    }

    /// What the event becomes, not yet numbered; the event itself where it is kept.
    func drafts(of event: StoredEvent, _ state: inout Value) throws -> [StoredEvent] {
        guard let drafts = try convert(event, &state) else { return [event] }
        return try Self.numbered(drafts)
    }

    /// As ``drafts(of:_:)``, without an array where the event is kept.
    func append(_ event: StoredEvent, _ state: inout Value, to output: inout [StoredEvent]) throws {
        if let drafts = try convert(event, &state) { output += try Self.numbered(drafts) } else { output.append(event) }
    }

    /// What is added at the cut.
    func atCut(last: StoredEvent?, _ state: inout Value) throws -> [StoredEvent] {
        guard let close else { return [] }
        return try Self.numbered(close(last, &state))
    }

    /// The types of a stream's events of which nothing was made yet, because they wait for a later one to become one event with.
    public func waiting(in state: Value?) -> Set<String> { state.flatMap { waiting?($0) } ?? [] }

    /// The key by which merged events are ordered.
    public func order(of event: StoredEvent) throws -> String {
        do {
            return try orderKey?(event) ?? event.at
        } catch {
            throw TransformFailed(event, "it has no order key: \(error)")
        }
    }

    private static func numbered(_ drafts: [EventDraft]) throws -> [StoredEvent] {
        var part = 0
        return try drafts.map { draft in
            var event = draft.event
            if !draft.keepsId {
                part += 1
                event.eventId = EventID.part(part, of: draft.event.eventId)
            }
            (event.aggregateId, event.type, event.schema) = (draft.stream, draft.type, draft.schema)
            event.data = try draft.text()
            return event
        }
    }
}
