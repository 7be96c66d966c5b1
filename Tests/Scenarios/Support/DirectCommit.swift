import AWS
import EventSourcing
import EventStore
import Foundation

extension Cloud {
    /// Commits events as a command of `release` would, whatever they hold: the heads' totals stay right.
    func commit(_ release: String, of stack: String, _ events: [StoredEvent]) async throws {
        let ledger = Ledger(dynamo: try dynamo, names: StackNames(stack: stack), shards: ShardMap(count: 64))
        let appender = Appender(ledger: ledger, release: release)
        while true {
            switch try await appender.append(events) {
            case .appended: return
            case .stale, .contended: continue
            case let other: throw CommitRefused(outcome: "\(other)")
            }
        }
    }

    /// One event for `commit`.
    static func event(_ stream: String, _ version: Int, _ type: String, _ data: String = "{}", origin: String = "r1") -> StoredEvent {
        StoredEvent(
            aggregateId: stream, version: version, eventId: "\(stream)-\(version)-\(type)", type: type, data: data,
            at: "2026-03-02T12:00:00.000000Z", origin: origin)
    }
}

struct CommitRefused: Error { var outcome: String }
