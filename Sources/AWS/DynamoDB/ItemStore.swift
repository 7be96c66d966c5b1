/// Reads and writes of items: the part of DynamoDB on which every protocol of a handover rests. Code that keeps an invariant asks for this, so
/// that a store in memory, one that crashes and reorders on purpose, can stand in for DynamoDB.
public protocol ItemStore: Sendable {
    /// The time and the chance that its user lives by.
    var clock: ClientClock { get }

    /// - Parameter attributes: only these, where given.
    /// - Returns: nil where there is no such item.
    func getItem(_ table: String, _ key: Item, consistent: Bool, attributes: [String]?) async throws -> Item?

    /// One put, update or delete.
    /// - Returns: the item's new attributes after an update, else nil.
    /// - Throws: `DynamoDBError.conditionFailed`. After a retry whose first answer was lost, the condition may have failed because of the
    ///   write's own first try.
    @discardableResult
    func write(_ write: Write) async throws -> Item?

    /// All of the writes or none, at most 100 on distinct items, in all at most 4 MB (TransactWriteItems).
    /// - Parameter token: makes a repetition of the same request harmless for 10 minutes, at most 36 characters. The retries after throttling,
    ///   5xx and broken connections use the same; a cancelled transaction is never retried here.
    /// - Throws: `DynamoDBError.transactionCancelled`.
    func transact(_ writes: [Write], token: String?) async throws

    /// A page of one partition's items.
    func query(_ request: DynamoDB.QueryRequest) async throws -> DynamoDB.Page

    /// A page of a table's items.
    func scan(_ request: DynamoDB.ScanRequest) async throws -> DynamoDB.Page

    /// As `query` and `scan`, with the items' bytes as they came.
    func queryEncoded(_ request: DynamoDB.QueryRequest) async throws -> DynamoDB.EncodedPage
    func scanEncoded(_ request: DynamoDB.ScanRequest) async throws -> DynamoDB.EncodedPage

    /// Items of any number of keys, in no particular order; those that don't exist are missing. Equal keys are asked for once.
    func batchGet(_ table: String, keys: [Item], consistent: Bool) async throws -> [Item]

    /// Puts any number of items. No two items of one call may have the same key. Neither conditional nor atomic: after an error any part may
    /// have been written.
    func batchPut(_ table: String, _ items: [Item]) async throws
    func batchPut(_ table: String, encoded items: [EncodedItem]) async throws

    /// One request of at most 25 puts and 15 MB, for a caller that follows throttling by itself.
    /// - Returns: the items that the store left out.
    /// - Throws: an `AWSError` that `isThrottling` where it refused the whole request as too much; it isn't sent again here.
    func putBatch(_ table: String, encoded items: [EncodedItem]) async throws -> [EncodedItem]

    /// Deletes any number of items. As `batchPut`.
    func batchDelete(_ table: String, keys: [Item]) async throws
}

extension ItemStore {
    public func queryEncoded(_ request: DynamoDB.QueryRequest) async throws -> DynamoDB.EncodedPage {
        let page = try await query(request)
        return DynamoDB.EncodedPage(items: page.items.map(EncodedItem.init), lastKey: page.lastKey)
    }

    public func scanEncoded(_ request: DynamoDB.ScanRequest) async throws -> DynamoDB.EncodedPage {
        let page = try await scan(request)
        return DynamoDB.EncodedPage(items: page.items.map(EncodedItem.init), lastKey: page.lastKey)
    }

    public func batchPut(_ table: String, encoded items: [EncodedItem]) async throws {
        try await batchPut(table, try items.map { try $0.decoded() })
    }

    /// A consistent read.
    public func getItem(_ table: String, _ key: Item, attributes: [String]? = nil) async throws -> Item? {
        try await getItem(table, key, consistent: true, attributes: attributes)
    }

    public func transact(_ writes: [Write]) async throws { try await transact(writes, token: nil) }

    /// - Parameter tries: a transaction that is cancelled since others hold its items, or by throttling, is tried as often in all, with a pause
    ///   and a new token each time. One of which a condition failed never is.
    public func transact(_ writes: [Write], tries: Int) async throws {
        var tried = 1
        while true {
            do {
                return try await transact(writes, token: nil)
            } catch DynamoDBError.transactionCancelled(let reasons) where tried < tries && reasons.isContention {
                try await clock.pause(milliseconds: 5...(20 << min(tried, 5)))
                tried += 1
            }
        }
    }

    /// For stores that are never asked too much.
    public func putBatch(_ table: String, encoded items: [EncodedItem]) async throws -> [EncodedItem] {
        try await batchPut(table, encoded: items)
        return []
    }

    /// A consistent read.
    public func batchGet(_ table: String, keys: [Item]) async throws -> [Item] {
        try await batchGet(table, keys: keys, consistent: true)
    }

    /// All pages. `limit` is the size of each.
    public func queryAll(_ request: DynamoDB.QueryRequest) async throws -> [Item] {
        var request = request
        var items: [Item] = []
        while true {
            let page = try await query(request)
            items += page.items
            guard let next = page.lastKey else { return items }
            request.startKey = next
        }
    }
}
