/// The pure fold of events into the documents of one read model.
public protocol Projection: Sendable {
    associatedtype Document: Codable & Sendable
    /// The handler's name in the manifest.
    static var name: String { get }
    /// The documents that an event touches; pure, so that a verifier knows them too. At most 94.
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

    package init(
        name: String, documentIDs: @escaping @Sendable (StoredEvent) throws -> [String],
        apply: @escaping @Sendable (StoredEvent, [String: Value]?, _ id: String) throws -> [String: Value]?
    ) {
        self.name = name
        self.documentIDs = documentIDs
        self.apply = apply
    }

    public init<P: Projection>(_ projection: P.Type) {
        name = P.name
        documentIDs = { try P.documentIDs(for: $0) }
        apply = { event, fields, id in
            var document = try fields.map { try Value.object($0).decode(P.Document.self) }
            try P.apply(event, to: &document, id: id)
            guard let document else { return nil }
            guard case .object(let fields) = try Value(encoding: document) else {
                throw DocumentNotAnObject(projection: P.name, id: id)
            }
            return fields
        }
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
