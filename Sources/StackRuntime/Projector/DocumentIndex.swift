import AWS
import EventStore

/// A search index as a projector sees it: of each document the highest version stays, whoever writes when.
package protocol DocumentIndex: Sendable {
    var clock: ClientClock { get }
    /// The documents of these ids, written by anyone before; those that never were are missing. May show less than the last write, never more.
    func documents(_ ids: [String]) async throws -> [String: IndexedDocument]
    /// Keeps each document unless the index has it in the same version or a later one. When it returns, all that was not refused is kept for good.
    /// - Returns: why documents can't be kept, by id: their content doesn't fit.
    func keep(_ documents: [IndexedDocument]) async throws -> [String: String]
}

/// One index of a domain.
package struct DomainIndex: DocumentIndex {
    let openSearch: OpenSearch
    let name: String

    package init(openSearch: OpenSearch, name: String) {
        self.openSearch = openSearch
        self.name = name
    }

    package var clock: ClientClock { openSearch.clock }

    package func documents(_ ids: [String]) async throws -> [String: IndexedDocument] {
        try await openSearch.documents(name, ids: ids).mapValues(IndexedDocument.init)
    }

    package func keep(_ documents: [IndexedDocument]) async throws -> [String: String] {
        let outcomes = try await openSearch.write(documents.map(\.stored), to: name)
        var refused: [String: String] = [:]
        for (document, outcome) in zip(documents, outcomes) {
            if case .refused(let reason) = outcome { refused[document.id] = reason }
        }
        return refused
    }
}
