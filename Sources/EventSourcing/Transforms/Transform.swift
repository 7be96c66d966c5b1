/// Copy-transform: the conversion of each event while it is copied into another release. Pure and deterministic.
///
/// For what one event becomes in its own stream; ``CopyTransform`` composes whatever else there is of rules.
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

/// A transform composed of rules, each of which passes on what the one before made. It has a way back where all of its rules have one.
public protocol CopyTransform: Sendable {
    /// The name in the manifest.
    static var name: String { get }
    static var rules: Rules { get }
}

extension Transform {
    public static var name: String { String(describing: Self.self) }
}

extension CopyTransform {
    public static var name: String { String(describing: Self.self) }
}

/// What one event becomes, in the same stream.
public enum Conversion: Sendable {
    /// The same bytes.
    case keep
    /// Another type, schema or data. The id stays.
    case replace(ConvertedEvent)
    /// These, in this order: the first keeps the id, the others' ids derive from it and their place. At most 40.
    case split([ConvertedEvent])
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
