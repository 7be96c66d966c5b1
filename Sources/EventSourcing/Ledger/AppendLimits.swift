/// The largest commit. The tail carries each commit in one transaction of its own (100 actions, 4 MB), with room for its cursor, outbox and progress.
public enum AppendLimits {
    public static let events = 80
    public static let bytes = 3_000_000
    public static let bytesPerEvent = 350_000

    /// Throws ``CommitTooLarge`` where the events can't be one commit.
    public static func check(_ events: [StoredEvent]) throws {
        guard events.count <= AppendLimits.events else { throw CommitTooLarge(what: "\(events.count) events", limit: "80 events") }
        var total = 0
        for event in events {
            let size = event.size
            total += size
            guard size <= bytesPerEvent else {
                throw CommitTooLarge(what: "event \(event.position) of \(size) bytes", limit: "\(bytesPerEvent) bytes an event")
            }
        }
        guard total <= bytes else { throw CommitTooLarge(what: "\(total) bytes", limit: "\(bytes) bytes") }
    }
}

/// A command decided on more than one commit may hold.
public struct CommitTooLarge: Error, Sendable, CustomStringConvertible {
    public var what: String
    public var limit: String

    public var description: String {
        "a commit of \(what) is over the limit of \(limit): decide on fewer or smaller events, or keep large content elsewhere and refer to it."
    }
}

extension StoredEvent {
    /// About the bytes that DynamoDB counts for the item.
    public var size: Int {
        aggregateId.utf8.count + eventId.utf8.count + type.utf8.count + data.utf8.count + meta.utf8.count + (source?.utf8.count ?? 0) + 160
    }
}
