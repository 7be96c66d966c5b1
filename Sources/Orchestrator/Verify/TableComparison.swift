import AWS
import EventStore

/// The first look of a comparison by itself: two tables, exactly equal.
package struct TableComparison: Sendable {
    private let comparison: ReadModelComparison

    package init(dynamo: any ItemStore, live: String, candidate: String) {
        comparison = ReadModelComparison(
            name: "documents", live: TableDocuments(dynamo: dynamo, table: live),
            candidate: TableDocuments(dynamo: dynamo, table: candidate), diff: DocumentDiff(), mapping: nil, sink: { _ in })
    }

    package func segments() async throws -> Int { try await comparison.segments() }

    /// The documents that either side has, and those that differ.
    package func run() async throws -> (documents: Int, suspects: [String]) {
        let look = try await comparison.firstLook()
        return (look.total, look.suspects)
    }
}
