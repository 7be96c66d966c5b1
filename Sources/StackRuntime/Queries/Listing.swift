import AWS
import EventSourcing
import EventStore

/// The documents of one key of an index, in the index's order, as many at a time as one answer takes.
struct Listing: Sendable {
    let dynamo: any ItemStore
    let table: String
    let index: String
    let attribute: String

    /// The most documents that one answer has.
    static let limit = 1_000
    /// An answer of a function has at most 6 MB (Lambda), its headers included.
    private static let bytes = 5_000_000

    struct Page: Sendable {
        var documents: [Value] = []
        /// Where the next one goes on; `nil` where there is no more.
        var next: ListingCursor?
    }

    /// - Parameter cursor: of this table.
    func page(_ key: String, after cursor: ListingCursor?) async throws -> Page {
        var page = Page(next: cursor)
        var bytes = 0
        var width = Self.limit
        while page.documents.count < Self.limit {
            let found = try await dynamo.query(
                DynamoDB.QueryRequest(
                    table: table, index: index, keyCondition: "#\(attribute) = :key", values: [":key": .s(key)],
                    limit: min(width, Self.limit - page.documents.count), consistent: false,
                    startKey: page.next.map { startKey($0, key) }))
            let documents = found.items.map { Value.object(DocumentItem.visible($0)) }
            let size = try documents.reduce(0) { try $0 + Self.size(of: $1) }
            if bytes + size > Self.bytes, page.documents.count + documents.count > 1 {
                // It is left to the next answer or, where this one has nothing yet, read in smaller parts.
                if !page.documents.isEmpty { return page }
                width = max(1, documents.count / 2)
                continue
            }
            page.documents += documents
            bytes += size
            page.next = found.lastKey.map { cursorAfter($0) }
            if page.next == nil { break }
        }
        return page
    }

    private func startKey(_ cursor: ListingCursor, _ key: String) -> Item {
        var start = cursor.keys.mapValues { AttributeValue.s($0) }
        start[attribute] = .s(key)
        return start
    }

    /// Keys of read models' tables and of their indexes are strings.
    private func cursorAfter(_ last: Item) -> ListingCursor {
        ListingCursor(table: table, keys: last.filter { $0.key != attribute }.compactMapValues(\.string))
    }

    /// What a document takes of the answer, in which it is JSON in a JSON text: these characters have a backslash in front of them.
    private static func size(of document: Value) throws -> Int {
        try StableJSON.encode(document).utf8.reduce(1) { size, byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): size + 2
            default: size + 1
            }
        }
    }
}
