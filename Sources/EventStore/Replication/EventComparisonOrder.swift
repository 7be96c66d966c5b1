import EventSourcing

/// What a worker is asked when events are compared, and what it answers.
public enum EventComparisonOrder {
    public enum Side: String, Sendable, Codable {
        /// What the transform makes of the followed release's events.
        case expected
        /// What the release that follows has.
        case candidate
    }

    public struct Question: Sendable, Codable {
        public var side: Side
        public var segment: Int
        public var total: Int
        /// Events that are dated later are left out, by their `at`.
        public var horizon: String
        /// The events of these slices; absent: the totals of all.
        public var slices: Set<Int>?
        /// Where an earlier answer said that it stopped.
        public var resume: Resume?
        /// How long to work before answering.
        public var seconds: Double

        public init(
            side: Side, segment: Int = 0, total: Int = 1, horizon: String, slices: Set<Int>? = nil, resume: Resume? = nil, seconds: Double
        ) {
            self.side = side
            self.segment = segment
            self.total = total
            self.horizon = horizon
            self.slices = slices
            self.resume = resume
            self.seconds = seconds
        }
    }

    /// How far a scan is.
    public struct Resume: Sendable, Hashable, Codable {
        /// The key of the last item that was looked at; absent before the first. The version as DynamoDB writes the number.
        public var aggregateId: String?
        public var version: String?
        public var isScanned = false
        /// Long streams among those looked at that aren't read to their end.
        public var open: [ExpectedStream] = []
        /// The stream of the last item, where versions are counted only.
        var run: VersionRun?

        var isFinished: Bool { isScanned && open.isEmpty }
    }

    public struct Answer: Sendable, Codable {
        /// By slice.
        public var totals: [Int: Totals] = [:]
        public var listed: [Event] = []
        /// Streams and events read. Of the expected side: of the followed release.
        public var streams = 0
        public var events = 0
        /// Events left out since they are dated after the horizon, and the latest date of these.
        public var later = 0
        public var latest: String?
        /// By type, in how many streams an event waits for a later one, so that nothing was made of it yet.
        public var waiting: [String: Int] = [:]
        /// Streams of which nobody can tell: what the transform makes of one of the followed release, or whether one of the follower has a gap.
        public var untold: [Untold] = []
        /// Streams of the follower that lack a version.
        public var gaps: [StreamGap] = []
        /// Absent at the end.
        public var resume: Resume?

        public init() {}

        /// Adds what another answer tells, but for where it stopped.
        public mutating func add(_ other: Answer) {
            totals.merge(other.totals, uniquingKeysWith: +)
            listed += other.listed
            streams += other.streams
            events += other.events
            later += other.later
            latest = [latest, other.latest].compactMap(\.self).max()
            waiting.merge(other.waiting, uniquingKeysWith: +)
            untold += other.untold
            gaps += other.gaps
        }
    }

    public struct Untold: Sendable, Hashable, Codable {
        public var aggregateId: String
        public var reason: String
    }

    /// An event of either side, told from others by its place and all that it holds.
    public struct Event: Sendable, Hashable, Codable {
        public var stream: String
        /// 0 of what the transform makes for a stream that others feed as well: there arrival decides.
        public var version: Int
        /// `aggregateId@version` in the followed release; empty of what is no copy.
        public var source: String
        public var eventId: String
        public var type: String
        /// Over all that is carried or made of the event, in hexadecimal. Empty of an item that is no event.
        public var digest: String

        public init(stream: String, version: Int, source: String, eventId: String, type: String, digest: String) {
            self.stream = stream
            self.version = version
            self.source = source
            self.eventId = eventId
            self.type = type
            self.digest = digest
        }
    }

    /// An event of the follower, and the one that was expected in its place.
    public struct Pair: Sendable, Hashable, Codable {
        public var expected: Event
        public var candidate: Event

        public init(expected: Event, candidate: Event) { (self.expected, self.candidate) = (expected, candidate) }
    }

    /// The first field in which the two of a pair differ.
    public struct Difference: Sendable, Hashable, Codable {
        public var field: String
        public var expected: String
        public var candidate: String

        public init(field: String, expected: String, candidate: String) {
            self.field = field
            self.expected = expected
            self.candidate = candidate
        }
    }
}
