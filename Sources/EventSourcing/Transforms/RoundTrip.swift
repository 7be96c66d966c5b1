/// Proves a transform's way back on one stream: what its events became must turn back into them, in their order, with the same type, schema and
/// bytes. Memory doesn't grow with the stream.
public struct RoundTrip: Sendable {
    private let forward: Mapping
    private let reverse: Mapping
    private let stream: String
    /// The reverse's state, by the stream that it reads.
    private var states: [String: Value] = [:]
    /// Source events that did not come back so far, oldest first.
    private var waiting: [StoredEvent] = []
    /// Events that came back as they were.
    public private(set) var proven = 0
    /// Those that didn't, by type; what came back and never was there counts by its own.
    public private(set) var unproven: [String: Int] = [:]

    /// An event that crosses this many others on its way back counts as lost.
    private static let window = 1_000
    private static let windowBytes = 16_000_000
    private var waitingBytes = 0

    /// `nil` where the transform has no way back.
    public init?(_ transform: AnyTransform, of stream: String) {
        guard let reverse = transform.reverse else { return nil }
        self.reverse = reverse
        self.stream = stream
        forward = transform.forward
    }

    /// Whether each event must come back by itself, with its id.
    private var isEventByEvent: Bool { !forward.hasState && !reverse.hasState && forward.layout == .inPlace }

    /// `became`: what the transform made of `event`, in order.
    public mutating func check(_ event: StoredEvent, became: some Collection<StoredEvent>) throws {
        if forward.isIdentity, reverse.isIdentity { return keep() }
        if isEventByEvent { return count(event, try comesBack(event, became)) }
        waiting.append(event)
        waitingBytes += event.size
        try turnBack(became, of: event)
        while waiting.count > Self.window || waitingBytes > Self.windowBytes { lose(take(1)) }
    }

    /// Whether an event's way back depends on no other event of the stream.
    public var keepsNothing: Bool { forward.isIdentity && reverse.isIdentity || isEventByEvent }

    /// What was counted so far is kept elsewhere: counting begins anew.
    public mutating func restartCount() { (proven, unproven) = (0, [:]) }

    /// Notes an event that neither direction changes.
    public mutating func keep() { proven += 1 }

    /// What the transform added at the cut.
    public mutating func close(adding added: some Collection<StoredEvent>, after last: StoredEvent) throws { try turnBack(added, of: last) }

    /// What didn't come back by the end is lost.
    public mutating func finish() {
        lose(take(waiting.count))
    }

    private mutating func turnBack(_ events: some Collection<StoredEvent>, of source: StoredEvent) throws {
        // A stream that others feed as well turns back by what all of them left: from one of them alone nothing follows.
        if forward.layout == .merging, reverse.hasState { return }
        for event in events {
            do {
                for back in try reverse.drafts(of: event, &states[event.aggregateId, default: reverse.initialState]) { arrive(back) }
            } catch {
                throw TransformFailed(source, "its way back failed on '\(event.type)': \(error)")
            }
        }
    }

    private mutating func arrive(_ back: StoredEvent) {
        guard let index = waiting.firstIndex(where: { hasSameContent($0, back) }) else {
            return unproven[back.type, default: 0] += 1
        }
        lose(take(index))
        _ = take(1)
        proven += 1
    }

    private mutating func take(_ count: Int) -> [StoredEvent] {
        let taken = Array(waiting.prefix(count))
        waiting.removeFirst(taken.count)
        for event in taken { waitingBytes -= event.size }
        return taken
    }

    private mutating func lose(_ events: [StoredEvent]) {
        for event in events { unproven[event.type, default: 0] += 1 }
    }

    private mutating func count(_ event: StoredEvent, _ holds: Bool) {
        if holds { proven += 1 } else { unproven[event.type, default: 0] += 1 }
    }

    private func comesBack(_ event: StoredEvent, _ became: some Collection<StoredEvent>) throws -> Bool {
        var state = reverse.initialState
        var back: [StoredEvent] = []
        for copy in became {
            do {
                try reverse.append(copy, &state, to: &back)
            } catch {
                throw TransformFailed(event, "its way back failed on '\(copy.type)': \(error)")
            }
        }
        guard let only = back.first, back.count == 1 else { return false }
        return only.eventId == event.eventId && hasSameContent(event, only)
    }

    private func hasSameContent(_ one: StoredEvent, _ other: StoredEvent) -> Bool {
        // String's == takes canonically equivalent texts for equal; the bytes must be.
        one.type == other.type && one.schema == other.schema && other.aggregateId == stream && one.data.utf8.elementsEqual(other.data.utf8)
    }
}
