import EventSourcing
import EventStore
import Foundation

/// Makes a replicator sweep the outbox of some shards, by several functions side by side.
struct Sweeper: Sendable {
    let cloud: Cloud
    let function: String
    /// How long an answer is waited for. A sweep may be done again while one is under way.
    var patience: Duration = .seconds(60)
    /// Fewer shards aren't shared out. A function takes ``OutboxSweep/width`` side by side; another one's start takes longer than a few commits do.
    var fewestTogether = 1

    /// What a sweep came to.
    struct Result: Sendable, Decodable {
        /// Events that were replicated.
        var events = 0
        /// Streams that can't be, with the reason. They stop alone.
        var failures: [String: String] = [:]
    }

    private static let width = 4

    /// Returns how many events were replicated. Throws ``SweepFailed`` where a stream can't be; the others are, all the same.
    @discardableResult
    func sweep(_ shards: some Collection<Int>) async throws -> Int {
        let result = try await run(shards)
        if let first = result.failures.min(by: { $0.key < $1.key }) {
            throw SweepFailed(stream: first.key, reason: first.value, others: result.failures.count - 1)
        }
        return result.events
    }

    func run(_ shards: some Collection<Int>) async throws -> Result {
        let all = Array(shards)
        guard !all.isEmpty else { return Result() }
        let size = max(fewestTogether, (all.count + Self.width - 1) / Self.width)
        let call = FunctionCall(cloud: cloud, patience: patience)
        return try await withThrowingTaskGroup(of: Result.self) { group in
            for part in all.chunks(of: size) {
                let part = part.map(String.init).joined(separator: ",")
                let function = function
                group.addTask { try await call.json(function, "{\"sweep\":[\(part)]}", retry: .whenTransient) }
            }
            return try await group.reduce(into: Result()) { all, part in
                all.events += part.events
                all.failures.merge(part.failures) { $1 }
            }
        }
    }
}

/// A stream that can't be replicated.
public struct SweepFailed: Error, Sendable, CustomStringConvertible {
    public var stream: String
    public var reason: String
    /// How many more can't be.
    public var others = 0

    public var description: String {
        """
        stream '\(stream)' can't be replicated: \(reason)\(others > 0 ? " (and \(others) more can't be)" : ""). Mend what it names and run \
        the same command again, or give the candidate up with `immutable abort`
        """
    }
}
