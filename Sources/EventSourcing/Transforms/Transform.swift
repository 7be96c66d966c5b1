/// Copy-transform: the conversion of each event while it is copied into another release. Pure and deterministic.
public protocol Transform: Sendable {
    /// The name in the manifest.
    static var name: String { get }
    /// What the live release's event becomes in the candidate.
    static func forward(_ event: StoredEvent) throws -> Conversion
}

/// A transform with a way back: `reverse(forward(e)) == e` for every event, checked on each that is replayed.
public protocol ReversibleTransform: Transform {
    /// What the candidate's event becomes in the release that was live before.
    static func reverse(_ event: StoredEvent) throws -> Conversion
}

extension Transform {
    public static var name: String { String(describing: Self.self) }
}

/// What one event becomes, in the same stream.
public enum Conversion: Sendable {
    /// The same bytes.
    case keep
    /// Another type, schema or data. The id stays.
    case replace(ConvertedEvent)
    /// Nothing.
    case drop
}

/// The new content of an event; all else stays as it was.
public struct ConvertedEvent: Sendable, Hashable {
    public var type: String
    public var schema: Int
    /// JSON text.
    public var data: String

    public init(type: String, schema: Int, data: String) {
        self.type = type
        self.schema = schema
        self.data = data
    }

    /// The content that a payload encodes to.
    public init<Payload: EventPayload>(_ payload: Payload) throws {
        self.init(type: payload.typeName, schema: Payload.schema, data: try StableJSON.encode(payload))
    }
}

/// The two directions of a transform, its type erased.
public struct AnyTransform: Sendable {
    public let name: String
    public let forward: @Sendable (StoredEvent) throws -> Conversion
    public let reverse: (@Sendable (StoredEvent) throws -> Conversion)?

    public init<T: Transform>(_ transform: T.Type) {
        name = T.name
        forward = { try T.forward($0) }
        if let reversible = transform as? any ReversibleTransform.Type {
            reverse = { try reversible.reverse($0) }
        } else {
            reverse = nil
        }
    }

    private init(identity name: String) {
        self.name = name
        forward = { _ in .keep }
        reverse = { _ in .keep }
    }

    /// Copies as it is, both ways.
    public static let identity = AnyTransform(identity: "identity")

    /// `nil` where the transform has no way back; else whether this event comes back as it was.
    public func provesReversible(_ event: StoredEvent) -> Bool? {
        guard let reverse else { return nil }
        guard let there = try? StreamCopy.convert(event, by: forward), let back = try? StreamCopy.convert(there, by: reverse) else {
            return false
        }
        // String's == takes canonically equivalent texts for equal; the bytes must be.
        return back == event && back.data.utf8.elementsEqual(event.data.utf8)
    }
}
