#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The data of one type of event: a value that encodes to JSON and back.
public protocol EventPayload: Codable, Sendable {
    /// The name under which the event is stored.
    static var type: String { get }
    /// The version of the data's schema.
    static var schema: Int { get }
    /// The name under which this value is stored: ``type``, unless one Swift type stands for many types of event.
    var typeName: String { get }
}

extension EventPayload {
    public static var type: String { String(describing: Self.self) }
    public static var schema: Int { 1 }
    public var typeName: String { Self.type }
}

extension StoredEvent {
    /// The data as `Payload`. Throws ``UnreadableEvent`` with the event's position where it doesn't decode.
    public func payload<Payload: EventPayload>(as payload: Payload.Type = Payload.self) throws -> Payload {
        do {
            return try JSONDecoder().decode(Payload.self, from: Data(data.utf8))
        } catch {
            throw UnreadableEvent(position: position, type: type, reason: "\(error)")
        }
    }
}

/// An event that this release can't read.
public struct UnreadableEvent: StreamFault, Sendable, CustomStringConvertible {
    public var position: String
    public var type: String
    public var reason: String

    public init(position: String, type: String, reason: String) {
        self.position = position
        self.type = type
        self.reason = reason
    }

    public var description: String {
        "event \(position) of type '\(type)' can't be read: \(reason). Deploy a release whose event types or transform cover it."
    }
}
