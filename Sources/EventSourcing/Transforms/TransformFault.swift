/// A version is missing from what was read of a stream.
public struct StreamGap: StreamFault, Sendable, Hashable, Codable, CustomStringConvertible {
    public var aggregateId: String
    public var expected: Int
    public var found: Int

    public init(aggregateId: String, expected: Int, found: Int) {
        self.aggregateId = aggregateId
        self.expected = expected
        self.found = found
    }

    public var description: String {
        "stream '\(aggregateId)' has version \(found) where \(expected) was expected. Run the same command again; if it repeats, an event is missing from the store."
    }
}

/// A transform that could not convert an event, or made of it what can't be stored.
public struct TransformFailed: StreamFault, Sendable, CustomStringConvertible {
    public var position: String
    public var eventId: String
    public var type: String
    public var reason: String

    public init(_ event: StoredEvent, _ reason: String) {
        position = event.position
        eventId = event.eventId
        type = event.type
        self.reason = reason
    }

    public var event: EventReference? { EventReference(position: position, eventId: eventId, type: type) }

    public var description: String {
        "the transform failed on event \(position) (id \(eventId), type '\(type)'): \(reason). The live release is untouched: mend the transform, give the candidate up with `immutable abort`, and deploy again."
    }
}

/// What one source event may become. The tail writes it in one transaction of 100 actions and 4 MB, with the cursors and the progress.
public enum EmissionLimits {
    public static let events = 40
    /// DynamoDB's items have at most 400 KB.
    public static let bytesPerEvent = 400_000
    public static let bytes = 3_600_000

    static func check(_ events: ArraySlice<StoredEvent>, of source: StoredEvent) throws {
        guard events.count <= Self.events else {
            throw RefusedEmission("it becomes \(events.count) events, at most \(Self.events) are possible")
        }
        var total = 0
        for event in events {
            if event.aggregateId != source.aggregateId, let problem = AggregateID.problem(event.aggregateId) {
                throw RefusedEmission("the id of its target stream '\(event.aggregateId)' \(problem)")
            }
            let size = event.size
            total += size
            guard size <= bytesPerEvent else {
                throw RefusedEmission("it becomes an event '\(event.type)' of \(size) bytes, at most \(bytesPerEvent) are possible")
            }
        }
        guard total <= bytes else { throw RefusedEmission("it becomes \(total) bytes, at most \(bytes) are possible") }
    }
}

/// What a transform made and no store takes.
struct RefusedEmission: Error, CustomStringConvertible {
    var description: String
    init(_ problem: String) { description = problem }
}
