import EventSourcing

/// Adds up events for a comparison: a total for each slice, or the events of some slices themselves.
struct EventTally: Sendable {
    private let slices: EventSlices
    private let wanted: Set<Int>?
    private let horizon: String
    private let source: String
    /// Whether a version is a matter of arrival.
    private let ignoresVersions: Bool
    private(set) var answer = EventComparisonOrder.Answer()
    /// About what the answer's lists take of it.
    private(set) var bytes = 0
    /// The stream of the last event, whose shard takes a hash to tell.
    private var lastStream: (id: String, shard: Int)?

    /// Characters of a reason.
    private static let longest = 500

    /// - Parameter source: the release whose events are copied.
    init(_ slices: EventSlices, _ question: EventComparisonOrder.Question, from source: String, ignoresVersions: Bool) {
        self.slices = slices
        wanted = question.slices
        horizon = question.horizon
        self.source = source
        self.ignoresVersions = ignoresVersions
    }

    /// Counts an event of the followed release.
    mutating func read(_ event: StoredEvent) {
        if event.at <= horizon { answer.events += 1 } else { leaveOut(event) }
    }

    mutating func readStream() { answer.streams += 1 }

    /// Counts what a stream holds back at its end.
    mutating func endStream(waiting: Set<String>) {
        for type in waiting { answer.waiting[type, default: 0] += 1 }
    }

    /// What the transform makes.
    mutating func add(expected event: StoredEvent) {
        if event.at <= horizon { add(event) }
    }

    /// What the follower has. Only a copy may be too young to take part: nothing else belongs there at any time.
    mutating func add(candidate event: StoredEvent) {
        if event.at > horizon, event.from == source, event.source != nil { leaveOut(event) } else { add(event) }
    }

    /// An item of the follower's that is no event.
    mutating func add(odd: OddItem, stream: String, version: Int, source: String?) {
        add(
            EventComparisonOrder.Event(
                stream: stream, version: version, source: source ?? "", eventId: "", type: "no usable '\(odd.attribute)'", digest: ""), 0)
    }

    mutating func add(_ other: EventTally) {
        answer.add(other.answer)
        bytes += other.bytes
    }

    mutating func cannotTell(of aggregateId: String, _ reason: String) {
        answer.untold.append(.init(aggregateId: aggregateId, reason: String(reason.prefix(Self.longest))))
        bytes += aggregateId.utf8.count + min(reason.utf8.count, 4 * Self.longest) + 60
    }

    mutating func found(_ gap: StreamGap) {
        answer.gaps.append(gap)
        bytes += gap.aggregateId.utf8.count + 60
    }

    private mutating func leaveOut(_ event: StoredEvent) {
        answer.later += 1
        answer.latest = max(answer.latest ?? "", event.at)
    }

    private mutating func add(_ event: StoredEvent) {
        let digest = Self.digest(of: event, ignoringVersion: ignoresVersions)
        add(
            EventComparisonOrder.Event(
                stream: event.aggregateId, version: event.version, source: event.source ?? "", eventId: event.eventId, type: event.type,
                digest: String(digest, radix: 16)), digest)
    }

    private mutating func add(_ event: EventComparisonOrder.Event, _ digest: UInt64) {
        let shard: Int
        if let lastStream, lastStream.id.utf8.elementsEqual(event.stream.utf8) {
            shard = lastStream.shard
        } else {
            shard = slices.shard(of: event.stream)
            lastStream = (event.stream, shard)
        }
        let slice = slices.slice(of: event.source, in: event.stream, on: shard)
        guard let wanted else { return answer.totals[slice, default: .zero].add(digest: digest) }
        guard wanted.contains(slice) else { return }
        answer.listed.append(event)
        bytes += event.stream.utf8.count + event.source.utf8.count + event.eventId.utf8.count + event.type.utf8.count + 110
    }

    /// The first 8 bytes of SHA-256 over every attribute, big-endian.
    private static func digest(of event: StoredEvent, ignoringVersion: Bool) -> UInt64 {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(event.data.utf8.count + event.meta.utf8.count + 320)
        for part in [
            event.aggregateId, ignoringVersion ? "" : String(event.version), event.eventId, event.type, String(event.schema), event.at,
            String(event.epoch), event.origin, event.from ?? "", event.source ?? "", event.meta,
        ] {
            bytes.append(contentsOf: part.utf8)
            bytes.append(0)
        }
        bytes.append(contentsOf: event.data.utf8)
        return Totals.digest(ofFields: bytes)
    }
}
