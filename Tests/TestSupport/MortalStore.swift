import AWS
import Synchronization

/// Counts its calls by kind; its user may die at one of them: before it, or after it was carried out. Once dead it stays dead.
package final class MortalStore: ItemStore {
    package struct Death: Error {}

    private struct State {
        var calls: [String: Int] = [:]
        var pages: [Item?] = []
    }

    private let base: any ItemStore
    private let dies: (call: Int, afterwards: Bool)?
    private let state = Mutex(State())

    /// - Parameter dies: at which call, from 1, and whether its answer is lost.
    package init(_ base: any ItemStore, dies: (call: Int, afterwards: Bool)? = nil) {
        self.base = base
        self.dies = dies
    }

    package var calls: [String: Int] { state.withLock { $0.calls } }
    package var count: Int { calls.values.reduce(0, +) }
    /// Where each scan began.
    package var pages: [Item?] { state.withLock { $0.pages } }
    package var clock: ClientClock { base.clock }

    private func call<Answer>(_ kind: String, _ body: () async throws -> Answer) async throws -> Answer {
        let number = state.withLock { state in
            state.calls[kind, default: 0] += 1
            return state.calls.values.reduce(0, +)
        }
        guard let dies, dies.call <= number else { return try await body() }
        if dies.call == number, dies.afterwards { _ = try await body() }
        throw Death()
    }

    package func getItem(_ table: String, _ key: Item, consistent: Bool, attributes: [String]?) async throws -> Item? {
        try await call("getItem") { try await base.getItem(table, key, consistent: consistent, attributes: attributes) }
    }

    package func write(_ write: Write) async throws -> Item? { try await call("write") { try await base.write(write) } }

    package func transact(_ writes: [Write], token: String?) async throws {
        try await call("transact") { try await base.transact(writes, token: token) }
    }

    package func query(_ request: DynamoDB.QueryRequest) async throws -> DynamoDB.Page {
        try await call("query") { try await base.query(request) }
    }

    package func scan(_ request: DynamoDB.ScanRequest) async throws -> DynamoDB.Page {
        state.withLock { $0.pages.append(request.startKey) }
        return try await call("scan") { try await base.scan(request) }
    }

    package func batchGet(_ table: String, keys: [Item], consistent: Bool) async throws -> [Item] {
        if keys.isEmpty { return [] }
        return try await call("batchGet") { try await base.batchGet(table, keys: keys, consistent: consistent) }
    }

    package func batchPut(_ table: String, _ items: [Item]) async throws {
        try await call("batchPut") { try await base.batchPut(table, items) }
    }

    package func putBatch(_ table: String, encoded items: [EncodedItem]) async throws -> [EncodedItem] {
        try await call("batchPut") { try await base.putBatch(table, encoded: items) }
    }

    package func batchDelete(_ table: String, keys: [Item]) async throws {
        try await call("batchDelete") { try await base.batchDelete(table, keys: keys) }
    }
}
