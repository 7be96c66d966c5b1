// The standard library's own normalisation, by which it compares strings: FoundationEssentials has none.
@_spi(_Unicode) import Swift

/// What may be the id of a document.
package enum DocumentID {
    /// DynamoDB's hash keys hold as many bytes.
    package static let limit = 2_048

    /// Each id once, in Unicode's composed form (NFC), so that two spellings of one text are one document, to Swift as to the store.
    /// Throws ``UnusableDocumentID``.
    static func usable(_ ids: [String], of projection: String) throws -> [String] {
        var seen = Set<String>()
        return try ids.map(composed).filter { id in
            let size = id.utf8.count
            guard (1...limit).contains(size) else { throw UnusableDocumentID(projection: projection, size: size) }
            return seen.insert(id).inserted
        }
    }

    package static func composed(_ id: String) -> String {
        if id.utf8.allSatisfy({ $0 < 0x80 }) { return id }
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: id._nfc)
        return String(scalars)
    }
}

/// A document id that no table takes as a key.
public struct UnusableDocumentID: StreamFault, Sendable, Hashable, CustomStringConvertible {
    public var projection: String
    /// In bytes.
    public var size: Int

    public init(projection: String, size: Int) {
        self.projection = projection
        self.size = size
    }

    public var description: String {
        "projection '\(projection)' named a document by an id of \(size) bytes: an id has 1 to \(DocumentID.limit) bytes."
    }
}
