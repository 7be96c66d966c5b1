import AWS

/// A handle that lies to a reactor: every event seems to be of `origin`; without one, the effect journal seems empty.
struct Forging: ItemStore {
    let store: SimulatedStore
    let origin: String?

    var clock: ClientClock { store.clock }

    func getItem(_ table: String, _ key: Item, consistent: Bool, attributes: [String]?) async throws -> Item? {
        let item = try await store.getItem(table, key, consistent: consistent, attributes: attributes)
        return origin == nil ? nil : item
    }

    func query(_ request: DynamoDB.QueryRequest) async throws -> DynamoDB.Page {
        var page = try await store.query(request)
        page.items = page.items.map(forged)
        return page
    }

    private func forged(_ item: Item) -> Item {
        var item = item
        if let origin { item["origin"] = .s(origin) }
        return item
    }

    /// A journal that forgets takes every claim.
    func write(_ write: Write) async throws -> Item? {
        guard origin == nil, case .put(let item) = write.action else { return try await store.write(write) }
        return try await store.write(.put(write.table, item))
    }

    func transact(_ writes: [Write], token: String?) async throws { try await store.transact(writes, token: token) }
    func scan(_ request: DynamoDB.ScanRequest) async throws -> DynamoDB.Page { try await store.scan(request) }
    func batchGet(_ table: String, keys: [Item], consistent: Bool) async throws -> [Item] {
        try await store.batchGet(table, keys: keys, consistent: consistent).map(forged)
    }
    func batchPut(_ table: String, _ items: [Item]) async throws { try await store.batchPut(table, items) }
    func batchDelete(_ table: String, keys: [Item]) async throws { try await store.batchDelete(table, keys: keys) }
}
