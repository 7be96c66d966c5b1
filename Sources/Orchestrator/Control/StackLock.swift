import AWS
import EventSourcing
import EventStore
import Foundation

/// The lock of a stack: a lease in the control table with a fencing token that each control write checks.
public struct StackLock: Sendable {
    /// Who holds a lock, since when, doing what.
    public struct Holder: Sendable, Hashable, Codable {
        public var holder: String
        public var doing: String
        public var since: String
        public var expires: String
        public var token: Int

        /// Whether its lease is over: the next command takes the lock over.
        public func isOver(_ now: Date) -> Bool { Timestamp.parse(expires).map { $0 <= now } ?? false }

        public var description: String { "\(holder), doing '\(doing)', since \(since) (lease until \(expires))" }
    }

    /// A lease is renewed every sixth of it.
    static let lease: TimeInterval = 30

    public let dynamo: any ItemStore
    public let stack: String
    public let token: Int
    let holder: String

    private static func key(_ stack: String) -> Item { ["stack": .s(stack), "item": .s("lock")] }

    /// Checked in the transaction of each control write: fails where another command took the lock over.
    public var fence: Write {
        .check(
            StackNames.control, Self.key(stack), if: "#token = :token AND #holder = :holder",
            values: [":token": .int(token), ":holder": .s(holder)])
    }

    /// The stack's holder now; `nil` where nobody holds it.
    public static func current(_ dynamo: any ItemStore, _ stack: String) async throws -> Holder? {
        guard let item = try await dynamo.getItem(StackNames.control, key(stack)) else { return nil }
        return holder(item)
    }

    private static func holder(_ item: Item) -> Holder? {
        guard let holder = item["holder"]?.string else { return nil }
        return Holder(
            holder: holder, doing: item["doing"]?.string ?? "?", since: item["since"]?.string ?? "?",
            expires: item["expires"]?.string ?? "?", token: item["token"]?.int ?? 0)
    }

    /// Takes the lock, or throws ``StackLocked``. A lease that has expired, and one of a process of this machine that is gone, is taken over.
    public static func acquire(_ dynamo: any ItemStore, _ stack: String, doing: String) async throws -> StackLock {
        try await acquire(dynamo, stack, doing: doing, as: LockOwner.current)
    }

    private static func acquire(_ dynamo: any ItemStore, _ stack: String, doing: String, as me: String) async throws -> StackLock {
        for _ in 0..<5 {
            let found = try await dynamo.getItem(StackNames.control, key(stack))
            if let found, let other = holder(found), let expires = Timestamp.parse(other.expires), expires > dynamo.clock.now(),
                !LockOwner.isGone(other.holder)
            {
                throw StackLocked(stack: stack, holder: other)
            }
            let token = (found?["token"]?.int ?? 0) + 1
            let now = dynamo.clock.now()
            do {
                try await dynamo.write(
                    .update(
                        StackNames.control, key(stack),
                        "SET #holder = :holder, #doing = :doing, #since = :since, #expires = :expires, #token = :token",
                        if: found == nil ? "attribute_not_exists(#stack)" : "#token = :previous",
                        values: [
                            ":holder": .s(me), ":doing": .s(doing), ":since": .s(Timestamp.format(now)),
                            ":expires": .s(Timestamp.format(now.addingTimeInterval(lease))), ":token": .int(token),
                        ].merging(found == nil ? [:] : [":previous": .int(token - 1)]) { _, new in new }))
                return StackLock(dynamo: dynamo, stack: stack, token: token, holder: me)
            } catch DynamoDBError.conditionFailed(let item) {
                if let item, item["token"]?.int == token, item["holder"]?.string == me {
                    return StackLock(dynamo: dynamo, stack: stack, token: token, holder: me)
                }
            }
        }
        let other = try await current(dynamo, stack)
        throw StackLocked(stack: stack, holder: other)
    }

    /// Throws ``LockLost`` where another command has the lock by now.
    public func check() async throws {
        guard let now = try await Self.current(dynamo, stack), now.token == token, now.holder == holder else { throw LockLost() }
    }

    func renew() async throws {
        do {
            try await dynamo.write(
                .update(
                    StackNames.control, Self.key(stack), "SET #expires = :expires", if: "#token = :token AND #holder = :holder",
                    values: [
                        ":expires": .s(Timestamp.format(dynamo.clock.now().addingTimeInterval(Self.lease))), ":token": .int(token),
                        ":holder": .s(holder),
                    ]))
        } catch DynamoDBError.conditionFailed {
            throw LockLost()
        }
    }

    public func release() async throws { try await Self.remove(dynamo, stack, token: token) }

    /// Removes a lock whoever holds it; its fencing token then fits no more.
    public static func remove(_ dynamo: any ItemStore, _ stack: String, token: Int) async throws {
        do {
            try await dynamo.write(
                .update(
                    StackNames.control, key(stack), "REMOVE #holder, #doing, #since, #expires", if: "#token = :token",
                    values: [":token": .int(token)]))
        } catch DynamoDBError.conditionFailed {}
    }

    /// Runs `body` under the lock and keeps its lease; where the lease is lost, `body` is cancelled.
    public static func holding<T: Sendable>(
        _ dynamo: any ItemStore, _ stack: String, doing: String, _ body: @escaping @Sendable (StackLock) async throws -> T
    ) async throws -> T {
        try await holding(dynamo, stack, doing: doing, as: LockOwner.current, body)
    }

    /// `holder`: unique to the process that asks.
    package static func holding<T: Sendable>(
        _ dynamo: any ItemStore, _ stack: String, doing: String, as holder: String,
        _ body: @escaping @Sendable (StackLock) async throws -> T
    ) async throws -> T {
        let lock = try await acquire(dynamo, stack, doing: doing, as: holder)
        do {
            let value = try await withThrowingTaskGroup(of: T?.self) { group in
                group.addTask { try await body(lock) }
                group.addTask {
                    var renewed = ContinuousClock.now
                    while true {
                        try await dynamo.clock.sleep(.seconds(lease / 6))
                        do {
                            try await lock.renew()
                            renewed = .now
                        } catch let error where !(error is LockLost) && renewed + .seconds(lease) > .now {
                            // A hiccup: the lease still runs.
                        }
                    }
                }
                defer { group.cancelAll() }
                while let value = try await group.next() {
                    if let value { return value }
                }
                throw CancellationError()
            }
            try await lock.release()
            return value
        } catch {
            // Best effort: a lock that can't be released now expires by itself.
            try? await Uncancelled.run { try await lock.release() }
            throw error
        }
    }
}

/// Another command holds the stack.
public struct StackLocked: Error, Sendable, CustomStringConvertible {
    public var stack: String
    public var holder: StackLock.Holder?

    public var description: String {
        guard let holder else { return "stack '\(stack)' is locked: another command was faster. Run it again." }
        return """
            stack '\(stack)' is locked by \(holder.description).
            hint: wait for it; if that command is gone for good, `immutable unlock \(stack)` frees the lock
            """
    }
}
