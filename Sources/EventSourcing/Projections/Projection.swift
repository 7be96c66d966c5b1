#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The pure fold of events into the documents of one read model.
public protocol Projection: Sendable {
    associatedtype Document: Codable & Sendable
    /// The handler's name in the manifest.
    static var name: String { get }
    /// The documents that an event touches; pure, so that a verifier knows them too. At most 94, with ids of 1 to 2,048 bytes, which are taken in
    /// Unicode's composed form (NFC).
    static func documentIDs(for event: StoredEvent) throws -> [String]
    /// Changes one of those documents; `nil` where there is none (any more).
    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) throws
}

extension Projection {
    public static var name: String { String(describing: Self.self) }
}

/// A projection with its document type erased to fields.
public struct AnyProjection: Sendable {
    public let name: String
    public let documentIDs: @Sendable (StoredEvent) throws -> [String]
    /// Applies an event to the document's fields; `nil` where there is no document.
    public let apply: @Sendable (StoredEvent, [String: Value]?, _ id: String) throws -> [String: Value]?
    /// The same with the document as JSON: several events are folded without making fields of what is between them.
    package let applyToJSON: @Sendable (StoredEvent, Data?, _ id: String) throws -> Data?
    /// Where its documents are kept in parts.
    public let parts: Parts?
    /// Whether each stream has one document, of the stream's id, and there is no other.
    public let isOfStreams: Bool

    package init(
        name: String, documentIDs: @escaping @Sendable (StoredEvent) throws -> [String], isOfStreams: Bool = false,
        apply: @escaping @Sendable (StoredEvent, [String: Value]?, _ id: String) throws -> [String: Value]?, parts: Parts? = nil
    ) {
        self.name = name
        self.documentIDs = { try DocumentID.usable(try documentIDs($0), of: name) }
        self.isOfStreams = isOfStreams
        self.apply = apply
        self.parts = parts
        applyToJSON = { event, json, id in
            let fields = try json.flatMap { try Value.parse(String(decoding: $0, as: UTF8.self)).object }
            return try apply(event, fields, id).map { Data(try StableJSON.encode(.object($0)).utf8) }
        }
    }

    init(
        name: String, documentIDs: @escaping @Sendable (StoredEvent) throws -> [String], isOfStreams: Bool = false,
        json: @escaping @Sendable (StoredEvent, Data?, _ id: String) throws -> Data?, parts: Parts? = nil
    ) {
        self.name = name
        self.documentIDs = { try DocumentID.usable(try documentIDs($0), of: name) }
        self.isOfStreams = isOfStreams
        self.parts = parts
        applyToJSON = json
        apply = { event, fields, id in
            let before = try fields.map { try JSONEncoder().encode(Value.object($0)) }
            return try json(event, before, id).flatMap { try JSONDecoder().decode(Value.self, from: $0).object }
        }
    }

    public init<P: Projection>(_ projection: P.Type) { self.init(whole: P.self) }

    init<P: Projection>(whole projection: P.Type) {
        self.init(
            name: P.name, documentIDs: { try P.documentIDs(for: $0) },
            json: { event, json, id in
                // Each event sees the document as it was stored, whether or not it was: what encodes to something else than it was has no say.
                var document = try json.map { try JSONDecoder().decode(P.Document.self, from: $0) }
                try P.apply(event, to: &document, id: id)
                guard let document else { return nil }
                let encoded = try JSONEncoder().encode(document)
                guard encoded.first == UInt8(ascii: "{") else { throw DocumentNotAnObject(projection: P.name, id: id) }
                return encoded
            })
    }
}

/// A document type that encodes to something else than an object.
public struct DocumentNotAnObject: StreamFault, Sendable, CustomStringConvertible {
    public var projection: String
    public var id: String

    public var description: String {
        "projection '\(projection)' made of document '\(id)' something that is no object: let its Document be a struct."
    }
}
