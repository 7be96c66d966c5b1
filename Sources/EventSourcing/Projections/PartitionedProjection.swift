/// A projection whose documents are kept in parts, so that streams that share a document don't wait for each other's writes.
///
/// All events of a stream go into the same part of a document, in order; which one follows from the stream's id. A query by id merges the parts. A
/// table scan sees them as items of their own (`2025-11-24#3`), and so do parity and `documentIDs(for:)`' readers: releases are compared part by
/// part, so a release with another number of parts equals none before it. A listing by an index can't be served.
public protocol PartitionedProjection: Projection {
    /// Parts of a document, 2 to 100: as many writers as that change one at a time without conflict.
    static var parts: Int { get }
    /// What two parts are together. Neither the order nor the grouping may matter.
    static func merged(_ one: Document, _ other: Document) -> Document
}

/// The names of a document's parts.
public enum DocumentPart {
    public static func id(_ document: String, _ part: Int) -> String { "\(document)#\(part)" }

    /// The document that a part is of.
    public static func document(of id: String) -> String { id.cut(atLast: UInt8(ascii: "#"))?.before ?? id }
}

extension AnyProjection {
    public init<P: PartitionedProjection>(_ projection: P.Type) {
        let whole = AnyProjection(whole: P.self)
        let parts = ShardMap(count: min(max(P.parts, 1), 100))
        self.init(
            name: whole.name,
            documentIDs: { event in
                let part = parts.shard(of: event.aggregateId)
                return try P.documentIDs(for: event).map { DocumentPart.id($0, part) }
            },
            json: { event, json, id in try whole.applyToJSON(event, json, DocumentPart.document(of: id)) },
            parts: Parts(count: parts.count) { documents in
                let documents = try documents.map { try Value.object($0).decode(P.Document.self) }
                guard let first = documents.first else { return nil }
                guard case .object(let fields) = try Value(encoding: documents.dropFirst().reduce(first, P.merged)) else {
                    throw DocumentNotAnObject(projection: P.name, id: "?")
                }
                return fields
            })
    }

    /// How the documents of a ``PartitionedProjection`` are put together.
    public struct Parts: Sendable {
        public let count: Int
        /// The document's fields; `nil` where there is no part.
        public let merged: @Sendable ([[String: Value]]) throws -> [String: Value]?
    }
}
