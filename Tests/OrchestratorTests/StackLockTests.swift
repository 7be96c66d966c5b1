import AWS
import EventStore
import Foundation
import TestSupport
import Testing

@testable import Orchestrator

/// The lock of a stack, seen by two commands. A fence that doesn't hold makes every control write of its command fail.
@Suite(.localCloud) struct StackLockTests {
    private static func acquire(_ store: StoreFixture, late: TimeInterval = 0, doing: String) async throws -> StackLock {
        try await StackLock.acquire(HookedStore(store.dynamo, clock: ShiftedClock(late).clock), store.names.stack, doing: doing)
    }

    private static func holds(_ lock: StackLock, in store: StoreFixture) async throws -> Bool {
        let mark: Item = ["stack": .s(store.names.stack), "item": .s("mark")]
        do {
            try await store.dynamo.transact([lock.fence, .put(StackNames.control, mark)])
            return true
        } catch DynamoDBError.transactionCancelled {
            return false
        }
    }

    @Test func `a held lock is refused, and its holder named`() async throws {
        let store = try await StoreFixture.make()
        let first = try await Self.acquire(store, doing: "cutover")
        let error = await #expect(throws: StackLocked.self) { try await Self.acquire(store, doing: "retire") }
        #expect(error?.holder?.doing == "cutover" && error?.holder?.token == first.token)
        #expect(try await Self.holds(first, in: store))
    }

    @Test func `an expired lease is taken over, and its old holder can write nothing any more`() async throws {
        let store = try await StoreFixture.make()
        let first = try await Self.acquire(store, doing: "cutover")
        await #expect(throws: StackLocked.self) { try await Self.acquire(store, late: StackLock.lease / 2, doing: "rollback") }
        let second = try await Self.acquire(store, late: StackLock.lease + 2, doing: "rollback")
        #expect(second.token == first.token + 1)
        #expect(try await Self.holds(second, in: store))
        #expect(try await !Self.holds(first, in: store))
        await #expect(throws: LockLost.self) { try await first.check() }
        await #expect(throws: LockLost.self) { try await first.renew() }
        // What the old holder does at its end doesn't free the new one's lock.
        try await first.release()
        #expect(try await Self.holds(second, in: store))
    }

    @Test func `a renewed lease isn't expired`() async throws {
        let store = try await StoreFixture.make()
        let clock = ShiftedClock()
        let first = try await StackLock.acquire(HookedStore(store.dynamo, clock: clock.clock), store.names.stack, doing: "deploy")
        clock.jump(StackLock.lease - 5)
        try await first.renew()
        await #expect(throws: StackLocked.self) { try await Self.acquire(store, late: StackLock.lease + 5, doing: "cutover") }
    }

    @Test func `a lock that a person freed is lost to its holder`() async throws {
        let store = try await StoreFixture.make()
        let first = try await Self.acquire(store, doing: "deploy")
        try await StackLock.remove(store.dynamo, store.names.stack, token: first.token)
        #expect(try await StackLock.current(store.dynamo, store.names.stack) == nil)
        #expect(try await !Self.holds(first, in: store))
        let second = try await Self.acquire(store, doing: "cutover")
        #expect(second.token == first.token + 1)
    }

    @Test func `a command whose clock is an hour ahead takes a running command's lock, and that one stops`() async throws {
        let store = try await StoreFixture.make()
        let first = try await Self.acquire(store, doing: "cutover")
        let second = try await Self.acquire(store, late: 3_600, doing: "cutover")
        #expect(try await Self.holds(second, in: store))
        await #expect(throws: LockLost.self) { try await first.renew() }
    }
}
