import EventSourcing

/// Streams that are handed to projectors together, with the events of theirs that were read anyway.
public struct ProjectionBatch: Sendable {
    public private(set) var streams: [String] = []
    public private(set) var events: [StoredEvent] = []
    private var bytes = 0

    /// Streams that a hint names at most: they are projected together.
    public static let streamLimit = 50
    /// An invocation takes 6 MB (Lambda), and JSON in JSON grows by its quotes.
    private static let byteLimit = 2_000_000

    public init() {}

    /// What projectors are asked to do.
    public var order: HintOrder { HintOrder(streams: streams, events: events.map(EventAtHand.init)) }

    func isFull(for event: StoredEvent) -> Bool {
        guard !events.isEmpty else { return false }
        return bytes + event.size > Self.byteLimit || (streams.count >= Self.streamLimit && streams.last != event.aggregateId)
    }

    mutating func add(_ event: StoredEvent) {
        if streams.last != event.aggregateId { streams.append(event.aggregateId) }
        events.append(event)
        bytes += event.size
    }

    /// Hands the batch over. Where a stream that lacks an event makes that fail, the others are handed over all the same, and it is passed over: its
    /// shard's totals tell.
    package func handOver<Answer, Failure: Error>(
        _ hand: (ProjectionBatch) async throws -> Answer, isGap: (Failure) -> Bool
    ) async throws -> [Answer] {
        do {
            return [try await hand(self)]
        } catch let error as Failure where isGap(error) {
            let answers = try await askingInHalves(single) { streams -> Answer? in
                try await hand(ProjectionBatch(joining: streams))
            } isOfOne: { (error: Failure) in
                isGap(error)
            } alone: { _, _ in
                nil
            }
            return answers.compactMap(\.self)
        }
    }

    private init(joining batches: [ProjectionBatch]) {
        for batch in batches {
            for event in batch.events { add(event) }
        }
    }

    /// Each stream by itself.
    private var single: [ProjectionBatch] {
        var batches: [String: ProjectionBatch] = [:]
        for event in events { batches[event.aggregateId, default: ProjectionBatch()].add(event) }
        return streams.compactMap { batches.removeValue(forKey: $0) }
    }
}

/// The payload of a hint: streams, and events of theirs that are at hand.
public struct HintOrder: Sendable, Hashable, Encodable {
    public var streams: [String]
    public var events: [EventAtHand]
}
