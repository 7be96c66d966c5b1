import EventSourcing
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Read model `cases`: one document for each case, of all its departments' files. They come in any order, so what is first and last goes by
/// the events' times.
enum Cases: Projection {
    struct Document: Codable, Hashable, Sendable {
        var caseId: String
        /// Absent where no event named it.
        var department: String?
        var channel: String?
        var currentActivity: String
        var activities: Int
        var activityCounts: [String: Int]
        var startedAt: String
        var lastAt: String
        /// From the first event to the last, in seconds to the microsecond.
        var elapsedSeconds: Decimal
    }

    static func documentIDs(for event: StoredEvent) -> [String] { [FileID(event.aggregateId).caseId] }

    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) throws {
        let activity = try Activity(event)
        var one =
            document
            ?? Document(
                caseId: id, currentActivity: activity.name, activities: 0, activityCounts: [:], startedAt: event.at, lastAt: event.at,
                elapsedSeconds: 0)
        one.activities += 1
        one.activityCounts[activity.name, default: 0] += 1
        one.startedAt = min(one.startedAt, event.at)
        // Of two at the same moment the later name, so that the order in which files come makes no difference.
        if (one.lastAt, one.currentActivity) <= (event.at, activity.name) {
            one.currentActivity = activity.name
            one.lastAt = event.at
        }
        // A case has one department and one channel, which its events repeat.
        one.department = activity.text("case:department") ?? one.department
        one.channel = activity.text("case:channel") ?? one.channel
        one.elapsedSeconds = try seconds(from: one.startedAt, to: one.lastAt, event)
        document = one
    }

    /// Times of events are RFC 3339 with microseconds in UTC: as texts they sort like the moments.
    private static func seconds(from start: String, to end: String, _ event: StoredEvent) throws -> Decimal {
        guard let first = Timestamp.parse(start), let last = Timestamp.parse(end) else {
            throw UnreadableEvent(position: event.position, type: event.type, reason: "'\(end)' or '\(start)' is no time")
        }
        let microseconds = (last.timeIntervalSince(first) * 1_000_000).rounded()
        return Decimal(Int64(microseconds)) / 1_000_000
    }
}

/// The document that a case of the earlier release should have: activities have their new names.
enum CasesBefore: DocumentMapping {
    static func expected(from live: Cases.Document, id: String) throws -> Cases.Document? {
        var document = live
        document.currentActivity = Activities.current(live.currentActivity)
        document.activityCounts = Dictionary(
            live.activityCounts.map { (Activities.current($0.key), $0.value) }, uniquingKeysWith: +)
        return document
    }
}

extension Activity {
    /// A column that isn't empty.
    fileprivate func text(_ column: String) -> String? {
        columns[column].flatMap { $0.isEmpty ? nil : $0 }
    }
}
