import AWS
import EventSourcing
import EventStore

/// The documents of a read model's search index.
///
/// It is read in the order of ids, each page beginning after the last id of the one before: ids don't change, so that a document that is there all
/// the while is on exactly one page. What can't be found yet, because it was written a moment ago, is made visible first.
struct IndexDocuments: DocumentSource {
    let openSearch: OpenSearch
    let index: String

    let segments = 1

    /// A page's documents, as far as they are known to fit: an answer of more than 64 MB is an error, and a document may have 400 KB.
    private static let firstPage = 100
    private static let largestPage = 1_000
    private static let pageBytes = 2_000_000

    func read(segment: Int, idsOnly: Bool, _ visit: ([String: SourceDocument]) async throws -> Void) async throws {
        try await openSearch.refresh(index)
        var size = Self.firstPage
        var body: [String: JSON] = [
            "query": ["bool": ["must_not": [IndexedDocument.isDeleted]]], "sort": [["id": "asc"]], "version": true,
        ]
        if idsOnly { body["_source"] = false }
        while true {
            body["size"] = .int(size)
            let page = try await openSearch.search(index, body)
            guard let last = page.last else { return }
            try await visit(Self.byId(page.documents))
            body["search_after"] = .array(last)
            // The next page may be of larger documents, hence at most twice as many.
            size = max(Self.firstPage, min(Self.largestPage, size * 2, size * Self.pageBytes / max(1, page.bytes)))
        }
    }

    func documents(_ ids: [String]) async throws -> [String: SourceDocument] {
        Self.byId(Array(try await openSearch.documents(index, ids: ids).values))
    }

    private static func byId(_ documents: [OpenSearch.Document]) -> [String: SourceDocument] {
        Dictionary(
            documents.map(IndexedDocument.init).compactMap { document in
                document.fields.map { fields in
                    (document.id, SourceDocument(fields: fields, position: .init(revision: document.version, event: document.event)))
                }
            }, uniquingKeysWith: { first, _ in first })
    }
}
