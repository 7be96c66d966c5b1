/// Copies one stream, event by event: applies one direction of a transform and numbers what comes of it.
public struct StreamCopy: Sendable, Hashable, Codable {
    /// The release that is copied from.
    public let from: String
    /// The version in the source stream up to which it is copied.
    public private(set) var sourceVersion: Int
    /// The last version in the target stream of the same name.
    public private(set) var targetVersion: Int
    /// What the transform keeps of the stream's earlier events.
    public private(set) var state: Value?
    /// The last versions in other target streams.
    private var others: [String: Int] = [:]

    public init(from: String, sourceVersion: Int = 0, targetVersion: Int = 0, state: Value? = nil) {
        self.from = from
        self.sourceVersion = sourceVersion
        self.targetVersion = targetVersion
        self.state = state
    }

    /// Appends the copies of the stream's next event, each with its version in its target stream, which this stream feeds alone.
    ///
    /// Throws ``StreamGap`` where `event` isn't the next, and ``TransformFailed``; then nothing moves.
    public mutating func copy(_ event: StoredEvent, by mapping: Mapping, into copies: inout [StoredEvent]) throws {
        let first = copies.count
        try convert(event, by: mapping, into: &copies)
        for index in first..<copies.count { number(&copies[index], home: event.aggregateId) }
    }

    public mutating func copy(_ event: StoredEvent, by mapping: Mapping) throws -> [StoredEvent] {
        var copies: [StoredEvent] = []
        try copy(event, by: mapping, into: &copies)
        return copies
    }

    /// As ``copy(_:by:into:)``, but the copies have version 0: for target streams that others feed as well.
    public mutating func convert(_ event: StoredEvent, by mapping: Mapping, into copies: inout [StoredEvent]) throws {
        try checkNext(event)
        let first = copies.count
        var next = state ?? mapping.initialState
        do {
            try mapping.append(event, &next, to: &copies)
            if !mapping.isIdentity { try EmissionLimits.check(copies[first...], of: event) }
        } catch {
            copies.removeSubrange(first...)
            throw TransformFailed(event, "\(error)")
        }
        sourceVersion = event.version
        if mapping.hasState { state = next }
        for index in first..<copies.count { stamp(&copies[index], source: event) }
    }

    /// Appends what the transform adds at the cut, by the stream's last event up to it: once, when all of them are copied.
    public mutating func close(after last: StoredEvent?, by mapping: Mapping, into copies: inout [StoredEvent]) throws {
        guard mapping.closesAtCut else { return }
        var next = state ?? mapping.initialState
        var added: [StoredEvent]
        do {
            added = try mapping.atCut(last: last, &next)
            if let last { try EmissionLimits.check(added[...], of: last) }
        } catch {
            guard let last else { throw error }
            throw TransformFailed(last, "\(error)")
        }
        state = next
        for index in added.indices {
            if let last { stamp(&added[index], source: last) }
            if mapping.layout != .merging { number(&added[index], home: last?.aggregateId ?? "") }
        }
        copies += added
    }

    /// Passes over an event that the target already has: one that was copied from there. The transform's state takes note of it.
    public mutating func skip(_ event: StoredEvent, by mapping: Mapping = .identity) throws {
        guard mapping.hasState else {
            try checkNext(event)
            return sourceVersion = event.version
        }
        var ignored: [StoredEvent] = []
        try convert(event, by: mapping, into: &ignored)
    }

    /// The target streams that got events by ``copy(_:by:into:)``, besides the one of the same name.
    public var otherTargets: Dictionary<String, Int>.Keys { others.keys }

    /// Passes on an event that no transform changes, and returns the version of its copy, whose place is the stream of the same name.
    public mutating func keep(version: Int, of aggregateId: String) throws -> Int {
        try checkNext(version, of: aggregateId)
        sourceVersion = version
        targetVersion += 1
        return targetVersion
    }

    private func checkNext(_ event: StoredEvent) throws { try checkNext(event.version, of: event.aggregateId) }

    private func checkNext(_ version: Int, of aggregateId: String) throws {
        guard version == sourceVersion + 1 else {
            throw StreamGap(aggregateId: aggregateId, expected: sourceVersion + 1, found: version)
        }
    }

    private func stamp(_ copy: inout StoredEvent, source: StoredEvent) {
        copy.version = 0
        copy.epoch = 0
        copy.from = from
        copy.source = source.position
    }

    private mutating func number(_ copy: inout StoredEvent, home: String) {
        if copy.aggregateId == home {
            targetVersion += 1
            copy.version = targetVersion
        } else {
            others[copy.aggregateId, default: 0] += 1
            copy.version = others[copy.aggregateId, default: 1]
        }
    }
}
