import AWS
import Foundation
import Synchronization

/// A store whose writes a test can watch, hold up or refuse, and whose reads it can watch or change, with a clock of its own.
package struct HookedStore: ItemStore {
    package typealias Hook = @Sendable ([Write]) async throws -> Void
    /// What a query or a batch of gets found in a table, to what its user sees.
    package typealias Reading = @Sendable (_ table: String, _ items: [Item]) async throws -> [Item]

    private let base: any ItemStore
    package let clock: ClientClock
    private let before: Hook
    private let after: Hook
    private let found: Reading

    package init(
        _ base: any ItemStore, clock: ClientClock = .system, before: @escaping Hook = { _ in }, after: @escaping Hook = { _ in },
        found: @escaping Reading = { _, items in items }
    ) {
        self.base = base
        self.clock = clock
        self.before = before
        self.after = after
        self.found = found
    }

    package func write(_ write: Write) async throws -> Item? {
        try await before([write])
        let answer = try await base.write(write)
        try await after([write])
        return answer
    }

    package func transact(_ writes: [Write], token: String?) async throws {
        try await before(writes)
        try await base.transact(writes, token: token)
        try await after(writes)
    }

    package func batchPut(_ table: String, _ items: [Item]) async throws {
        try await before(items.map { .put(table, $0) })
        try await base.batchPut(table, items)
        try await after(items.map { .put(table, $0) })
    }

    package func batchDelete(_ table: String, keys: [Item]) async throws {
        try await before(keys.map { .delete(table, $0) })
        try await base.batchDelete(table, keys: keys)
        try await after(keys.map { .delete(table, $0) })
    }

    package func getItem(_ table: String, _ key: Item, consistent: Bool, attributes: [String]?) async throws -> Item? {
        try await base.getItem(table, key, consistent: consistent, attributes: attributes)
    }

    package func query(_ request: DynamoDB.QueryRequest) async throws -> DynamoDB.Page {
        var page = try await base.query(request)
        page.items = try await found(request.table, page.items)
        return page
    }

    package func scan(_ request: DynamoDB.ScanRequest) async throws -> DynamoDB.Page { try await base.scan(request) }

    package func batchGet(_ table: String, keys: [Item], consistent: Bool) async throws -> [Item] {
        try await found(table, try await base.batchGet(table, keys: keys, consistent: consistent))
    }
}

/// The system's clock, off by some seconds.
package final class ShiftedClock: Sendable {
    private let shift: Mutex<TimeInterval>

    package init(_ seconds: TimeInterval = 0) { shift = Mutex(seconds) }

    package func jump(_ seconds: TimeInterval) { shift.withLock { $0 += seconds } }

    package var clock: ClientClock {
        ClientClock(
            now: { [self] in Date().addingTimeInterval(shift.withLock { $0 }) }, sleep: ClientClock.system.sleep,
            random: ClientClock.system.random)
    }
}
