/// The state that events of one kind of stream fold into: `evolve` of the decider pair.
public protocol Aggregate: Sendable {
    associatedtype State: Sendable
    static var initial: State { get }
    /// The types that `evolve` knows; another in the stream is an ``UnreadableEvent``.
    static var events: EventTypes { get }
    /// The payload of one event of the stream: `events.decode(event)`, unless the stream's types are not known beforehand.
    static func decode(_ event: StoredEvent) throws -> any EventPayload
    static func evolve(_ state: State, _ event: any EventPayload) -> State
}

extension Aggregate {
    public static func decode(_ event: StoredEvent) throws -> any EventPayload { try events.decode(event) }
}

/// A request to change one stream: `decide` of the decider pair. Pure; the same state gives the same decision.
public protocol Command: Sendable {
    associatedtype Stream: Aggregate
    /// The handler's name in the manifest.
    static var name: String { get }
    /// Throws ``MalformedInput`` naming the field.
    init(_ request: CommandRequest) throws
    /// The stream that the command is about.
    var aggregateId: String { get }
    /// `version` is that of the stream's last event, 0 for a new stream.
    func decide(_ state: Stream.State, at version: Int) -> Decision
}

extension Command {
    public static var name: String { String(describing: Self.self) }
}

/// What a command decided.
public enum Decision: Sendable {
    /// The events happen, and the client gets the answer. No events: the answer alone, decided again on a repeat.
    case accept([any EventPayload], Answer)
    case refuse(Answer)
}

/// What the client gets: an HTTP status and a JSON body.
public struct Answer: Sendable, Hashable, Codable {
    public var status: Int
    public var body: Value

    public init(_ status: Int, _ body: Value) {
        self.status = status
        self.body = body
    }

    /// `{"error": message}` and, where it is about one, `"field"`.
    public static func error(_ status: Int, _ message: String, field: String? = nil) -> Answer {
        var body: [String: Value] = ["error": .string(message)]
        if let field { body["field"] = .string(field) }
        return Answer(status, .object(body))
    }
}

/// A request that a command can't be made of.
public struct MalformedInput: Error, Sendable, Hashable, CustomStringConvertible {
    /// The path of the field, e.g. `lines[2].quantity`.
    public var field: String
    public var problem: String

    public init(field: String, problem: String) {
        self.field = field
        self.problem = problem
    }

    public var description: String { "\(field): \(problem)" }
}
