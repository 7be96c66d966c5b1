import AWS

/// A store in memory without a scheduler: every call happens at once. For tests; one task at a time uses it.
struct DirectStore: ItemStore, @unchecked Sendable {
    // Unchecked: one task at a time uses it.
    let store: MemoryStore
    var clock: ClientClock { .system }

    func getItem(_ table: String, _ key: Item, consistent: Bool, attributes: [String]?) async throws -> Item? {
        try store.getItem(table, key, attributes: attributes)
    }
    func write(_ write: Write) async throws -> Item? { try store.write(write) }
    func transact(_ writes: [Write], token: String?) async throws { try store.transact(writes, token: token) }
    func query(_ request: DynamoDB.QueryRequest) async throws -> DynamoDB.Page { try store.query(request) }
    func scan(_ request: DynamoDB.ScanRequest) async throws -> DynamoDB.Page { try store.scan(request) }
    func batchGet(_ table: String, keys: [Item], consistent: Bool) async throws -> [Item] { try store.batchGet(table, keys: keys) }
    func batchPut(_ table: String, _ items: [Item]) async throws { try store.batchPut(table, items) }
    func batchDelete(_ table: String, keys: [Item]) async throws { try store.batchDelete(table, keys: keys) }
}
