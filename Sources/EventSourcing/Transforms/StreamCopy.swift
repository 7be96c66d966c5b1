/// Copies one stream, event by event: applies a transform and numbers what comes of it.
public struct StreamCopy: Sendable, Hashable {
    /// The release that is copied from.
    public let from: String
    /// The version in the source stream up to which it is copied.
    public private(set) var sourceVersion: Int
    /// The last version in the target stream.
    public private(set) var targetVersion: Int

    public init(from: String, sourceVersion: Int = 0, targetVersion: Int = 0) {
        self.from = from
        self.sourceVersion = sourceVersion
        self.targetVersion = targetVersion
    }

    /// The copy of the stream's next event, or `nil` where the transform drops it. Throws ``StreamGap`` where `event` isn't the next.
    public mutating func copy(_ event: StoredEvent, by convert: (StoredEvent) throws -> Conversion) throws -> StoredEvent? {
        guard event.version == sourceVersion + 1 else {
            throw StreamGap(aggregateId: event.aggregateId, expected: sourceVersion + 1, found: event.version)
        }
        let converted: StoredEvent?
        do {
            converted = try StreamCopy.convert(event, by: convert)
        } catch {
            throw TransformFailed(position: event.position, eventId: event.eventId, type: event.type, reason: "\(error)")
        }
        sourceVersion = event.version
        guard var copy = converted else { return nil }
        targetVersion += 1
        copy.version = targetVersion
        copy.epoch = 0
        copy.from = from
        copy.source = event.position
        return copy
    }

    /// Passes over an event that the target already has: one that was copied from there.
    public mutating func skip(_ event: StoredEvent) throws {
        guard event.version == sourceVersion + 1 else {
            throw StreamGap(aggregateId: event.aggregateId, expected: sourceVersion + 1, found: event.version)
        }
        sourceVersion = event.version
    }

    static func convert(_ event: StoredEvent, by convert: (StoredEvent) throws -> Conversion) throws -> StoredEvent? {
        switch try convert(event) {
        case .keep: return event
        case .drop: return nil
        case .replace(let content):
            var converted = event
            converted.type = content.type
            converted.schema = content.schema
            converted.data = content.data
            return converted
        }
    }
}

/// A version is missing from what was read of a stream.
public struct StreamGap: StreamFault, Sendable, Hashable, CustomStringConvertible {
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

/// A transform that could not convert an event.
public struct TransformFailed: StreamFault, Sendable, CustomStringConvertible {
    public var position: String
    public var eventId: String
    public var type: String
    public var reason: String

    public var event: EventReference? { EventReference(position: position, eventId: eventId, type: type) }

    public var description: String {
        "the transform failed on event \(position) (id \(eventId), type '\(type)'): \(reason). Mend the transform and deploy again; the live release is untouched."
    }
}
