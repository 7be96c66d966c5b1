/// Code that answers an event with acts that can't be undone. Pure: it names the effects, the runtime performs each once.
public protocol Reactor: Sendable {
    /// The handler's name in the manifest.
    static var name: String { get }
    /// The same event always gives the same effects in the same order: their index is part of their identity.
    static func effects(of event: StoredEvent) throws -> [Effect]
}

extension Reactor {
    public static var name: String { String(describing: Self.self) }
}

/// One act that can't be undone.
public enum Effect: Sendable, Hashable, Codable {
    case email(Email)
}

/// A plain-text mail from the stack's sender.
public struct Email: Sendable, Hashable, Codable {
    public var to: String
    public var subject: String
    public var body: String

    public init(to: String, subject: String, body: String) {
        self.to = to
        self.subject = subject
        self.body = body
    }
}
