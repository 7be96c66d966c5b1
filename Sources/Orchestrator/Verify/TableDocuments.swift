import AWS
import EventSourcing
import EventStore

/// The documents of a read model's table.
struct TableDocuments: DocumentSource {
    let dynamo: any ItemStore
    let table: String

    let segments = 4

    func read(segment: Int, idsOnly: Bool, _ visit: ([String: SourceDocument]) async throws -> Void) async throws {
        var request = DynamoDB.ScanRequest(
            table: table, segment: segment, totalSegments: segments, attributes: idsOnly ? ["id"] : nil)
        repeat {
            let page = try await dynamo.scan(request)
            try await visit(Self.byId(page.items))
            request.startKey = page.lastKey
        } while request.startKey != nil
    }

    /// In bytes, as DynamoDB knew it some hours ago; 0 where nothing is known.
    func size() async throws -> Int { try await (dynamo as? DynamoDB)?.describeTable(table)?.sizeBytes ?? 0 }

    func documents(_ ids: [String]) async throws -> [String: SourceDocument] {
        Self.byId(try await dynamo.batchGet(table, keys: ids.map { ["id": .s($0)] }))
    }

    /// Attributes that begin with `_` are ours and no part of the document.
    static func byId(_ items: [Item]) -> [String: SourceDocument] {
        Dictionary(
            items.compactMap { item in
                item["id"]?.string.map { id in
                    (
                        id,
                        SourceDocument(
                            fields: item.filter { !$0.key.hasPrefix("_") }.mapValues(Value.init(attribute:)),
                            position: .init(revision: item["_revision"]?.int ?? 0, event: item["_event"]?.string))
                    )
                }
            }, uniquingKeysWith: { first, _ in first })
    }
}
