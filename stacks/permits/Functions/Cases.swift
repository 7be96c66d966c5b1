import EventSourcing
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Read model `cases`: one document for each case.
enum Cases: Projection {
    struct Document: Codable, Hashable, Sendable {
        var caseId: String
        /// The last that a column `case:department` said; absent where none did.
        var department: String?
        /// The last that a column `case:channel` said; absent where none did.
        var channel: String?
        var currentActivity: String
        /// How many activities there were.
        var activities: Int
        var activityCounts: [String: Int]
        /// The time of the stream's first event.
        var startedAt: String
        /// The time of the stream's last event.
        var lastAt: String
        /// From the first event to the last, in seconds to the microsecond.
        var elapsedSeconds: Decimal
    }

    static func documentIDs(for event: StoredEvent) -> [String] { [event.aggregateId] }

    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) throws {
        let activity = try Activity(event)
        var one =
            document
            ?? Document(
                caseId: id, currentActivity: activity.name, activities: 0, activityCounts: [:], startedAt: event.at, lastAt: event.at,
                elapsedSeconds: 0)
        one.department = activity.text("case:department") ?? one.department
        one.channel = activity.text("case:channel") ?? one.channel
        one.currentActivity = activity.name
        one.activities += 1
        one.activityCounts[activity.name, default: 0] += 1
        one.lastAt = event.at
        one.elapsedSeconds = try seconds(from: one.startedAt, to: event)
        document = one
    }

    private static func seconds(from start: String, to event: StoredEvent) throws -> Decimal {
        guard let first = Timestamp.parse(start), let last = Timestamp.parse(event.at) else {
            throw UnreadableEvent(position: event.position, type: event.type, reason: "'\(event.at)' or '\(start)' is no time")
        }
        let microseconds = (last.timeIntervalSince(first) * 1_000_000).rounded()
        return Decimal(Int64(microseconds)) / 1_000_000
    }
}

extension Activity {
    /// A column that isn't empty.
    fileprivate func text(_ column: String) -> String? {
        columns[column].flatMap { $0.isEmpty ? nil : $0 }
    }
}
