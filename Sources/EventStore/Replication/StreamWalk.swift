import EventSourcing

/// Reads source streams on, and adds up what becomes of them.
struct StreamWalk: Sendable {
    let reader: StreamReader
    let mapping: Mapping
    let source: String
    let follower: String
    /// By shard; `nil` where nothing is added at the cut.
    let cuts: [Int]?
    let shards: ShardMap
    let deadline: ContinuousClock.Instant
    let empty: EventTally

    static let eventsPerPage = 200

    struct Walked: Sendable {
        /// Where it goes on.
        var rest: ExpectedStream?
        var tally: EventTally
    }

    private func cut(of aggregateId: String) -> Int { cuts?[shards.shard(of: aggregateId)] ?? .max }

    /// A stream that a scan has shown from its beginning to its end.
    func whole(_ run: SourcePage.Run) throws -> EventTally {
        var stream = ExpectedStream(run.aggregateId, from: source)
        var tally = empty
        tally.readStream()
        do {
            let events = try run.events.map { try $0.decoded() }
            var made: [StoredEvent] = []
            try stream.take(events, cut: cut(of: run.aggregateId), by: mapping, into: follower, closing: nil, made: &made)
            let last = stream.closingVersion
            try stream.close(after: events.last { $0.version == last }, by: mapping, made: &made)
            tally.endStream(waiting: stream.waiting(by: mapping))
            events.forEach { tally.read($0) }
            made.forEach { tally.add(expected: $0) }
            return tally
        } catch let error as any StreamFault {
            return untold(of: run.aggregateId, isNew: true, error)
        }
    }

    private func untold(of aggregateId: String, isNew: Bool, _ fault: any StreamFault) -> EventTally {
        var tally = empty
        if isNew { tally.readStream() }
        let reason =
            switch fault {
            case let failed as TransformFailed: "the transform fails on \(failed.position): \(failed.reason)"
            case let gap as StreamGap: "the live stream lacks version \(gap.expected)"
            default: "\(fault)"
            }
        tally.cannotTell(of: aggregateId, reason)
        return tally
    }

    /// A stream's next pages while there is time, one at least.
    func on(_ stream: ExpectedStream) async throws -> Walked {
        let isNew = stream.version == 0
        var stream = stream
        var tally = empty
        if isNew { tally.readStream() }
        do {
            repeat {
                if try await page(of: &stream, &tally) { return Walked(rest: nil, tally: tally) }
            } while ContinuousClock.now < deadline
            return Walked(rest: stream, tally: tally)
        } catch let error as any StreamFault {
            return Walked(rest: nil, tally: untold(of: stream.aggregateId, isNew: isNew, error))
        }
    }

    /// Returns whether it was the last one.
    private func page(of stream: inout ExpectedStream, _ tally: inout EventTally) async throws -> Bool {
        let (events, isLast) = try await reader.part(stream.aggregateId, after: stream.version, limit: Self.eventsPerPage)
        let cut = cut(of: stream.aggregateId)
        var made: [StoredEvent] = []
        var last: StoredEvent?
        if let first = events.first, first.epoch > cut { last = try await closing(stream, among: []) }
        try stream.take(events, cut: cut, by: mapping, into: follower, closing: last, made: &made)
        if isLast {
            last = try await closing(stream, among: events)
            try stream.close(after: last, by: mapping, made: &made)
            tally.endStream(waiting: stream.waiting(by: mapping))
        }
        events.forEach { tally.read($0) }
        made.forEach { tally.add(expected: $0) }
        return isLast
    }

    /// The event by which the stream is closed at the cut; `nil` where nothing is to be done for it any more.
    private func closing(_ stream: ExpectedStream, among events: [StoredEvent]) async throws -> StoredEvent? {
        guard cuts != nil, let version = stream.closingVersion else { return nil }
        if let event = events.last(where: { $0.version == version }) { return event }
        return try await reader.page(stream.aggregateId, after: version - 1, limit: 1).first
    }
}
