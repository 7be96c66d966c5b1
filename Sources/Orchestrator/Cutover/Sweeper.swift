import EventSourcing
import Foundation

/// Makes a replicator sweep the outbox of some shards, by several functions side by side.
struct Sweeper: Sendable {
    let cloud: Cloud
    let function: String

    private struct Answer: Decodable {
        var events: Int
        var failures: [String: String]
    }

    private static let width = 4

    /// Returns how many events were replicated. Throws ``SweepFailed`` where a stream can't be.
    @discardableResult
    func sweep(_ shards: some Collection<Int>) async throws -> Int {
        let all = Array(shards)
        guard !all.isEmpty else { return 0 }
        let size = (all.count + Self.width - 1) / Self.width
        let call = FunctionCall(cloud: cloud)
        return try await withThrowingTaskGroup(of: Answer.self) { group in
            for start in stride(from: 0, to: all.count, by: size) {
                let part = all[start..<min(start + size, all.count)].map(String.init).joined(separator: ",")
                let function = function
                group.addTask { try await call.json(function, "{\"sweep\":[\(part)]}", retry: .whenTransient) }
            }
            var events = 0
            for try await answer in group {
                events += answer.events
                if let failure = answer.failures.first { throw SweepFailed(stream: failure.key, reason: failure.value) }
            }
            return events
        }
    }
}

/// A stream that can't be replicated.
public struct SweepFailed: Error, Sendable, CustomStringConvertible {
    public var stream: String
    public var reason: String

    public var description: String { "stream '\(stream)' can't be replicated: \(reason)" }
}
