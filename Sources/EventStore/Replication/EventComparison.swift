import AWS
import EventSourcing

/// Compares the events of a release that follows with what the transform makes of the followed release's events, stream by stream.
///
/// The follower is read first and the source afterwards, so the source is never behind. Memory: a page of either side.
public struct EventComparison: Sendable {
    private let ledger: Ledger
    private let source: String
    private let target: String
    private let mapping: Mapping
    private let sourceReader: StreamReader
    private let targetReader: StreamReader

    /// Throws ``NotComparable`` for a transform that doesn't make each target stream of the source stream of the same name alone.
    public init(ledger: Ledger, source: String, target: String, by mapping: Mapping) throws {
        guard mapping.layout == .inPlace, !mapping.closesAtCut else { throw NotComparable() }
        self.ledger = ledger
        self.source = source
        self.target = target
        self.mapping = mapping
        sourceReader = StreamReader(dynamo: ledger.dynamo, table: ledger.names.release(source).events)
        targetReader = StreamReader(dynamo: ledger.dynamo, table: ledger.names.release(target).events)
    }

    /// Where a stream's two sides part.
    public struct Difference: Sendable, Hashable, Codable {
        public var version: Int
        /// The first field that differs; `(event)` where one side has none.
        public var field: String
        public var expected: String?
        public var candidate: String?
    }

    public struct Stream: Sendable, Hashable, Codable {
        public var aggregateId: String
        public var shard: Int
        /// Source events transformed.
        public var events: Int
        /// What the transform makes of them, and what the follower has.
        public var expected: Totals
        public var candidate: Totals
        /// Absent where the two are equal.
        public var difference: Difference?
        /// Why nobody can tell: a live event that is missing, or that can't be read or transformed.
        public var fault: String?

        fileprivate func untold(_ fault: String) -> Stream {
            var stream = self
            if difference == nil { stream.fault = fault }
            return stream
        }

        fileprivate func differing(at version: Int, _ field: String, expected: String?, candidate: String?) -> Stream {
            var stream = self
            stream.difference = difference ?? Difference(version: version, field: field, expected: expected, candidate: candidate)
            return stream
        }
    }

    private static let pageSize = 200

    /// Compares one stream whole. What can't be read of the follower's is a difference; of one whose source can't be, nobody can tell.
    public func compare(_ aggregateId: String) async throws -> Stream {
        var stream = Stream(
            aggregateId: aggregateId, shard: ledger.shards.shard(of: aggregateId), events: 0, expected: .zero, candidate: .zero)
        do {
            return try await compare(aggregateId, &stream)
        } catch let error as TransformFailed {
            return stream.untold("the transform fails on \(error.position): \(error.reason)")
        }
    }

    private func compare(_ aggregateId: String, _ stream: inout Stream) async throws -> Stream {
        var copy = StreamCopy(from: source)
        var expected: [StoredEvent] = []
        var sourceEnded = false
        var targetVersion = 0
        while true {
            let page: [StoredEvent]
            do {
                page = try await targetReader.page(aggregateId, after: targetVersion, limit: Self.pageSize)
            } catch let gap as StreamGap {
                return stream.differing(at: gap.expected, "(event)", expected: "version \(gap.expected)", candidate: "version \(gap.found)")
            } catch let odd as OddItem {
                return stream.differing(at: odd.version ?? targetVersion + 1, "(event)", expected: nil, candidate: "\(odd)")
            }
            while !sourceEnded, expected.count <= page.count {
                let events: [StoredEvent]
                do {
                    events = try await sourceReader.page(aggregateId, after: copy.sourceVersion, limit: Self.pageSize)
                } catch let odd as OddItem {
                    return stream.untold("\(odd)")
                } catch let gap as StreamGap {
                    return stream.untold("the live stream lacks version \(gap.expected)")
                }
                sourceEnded = events.isEmpty
                stream.events += events.count
                for event in events {
                    if event.from == target {
                        try copy.skip(event, by: mapping)
                    } else {
                        try copy.copy(event, by: mapping, into: &expected)
                    }
                }
            }
            for (index, event) in page.enumerated() {
                stream.candidate.add(event)
                let wanted = index < expected.count ? expected[index] : nil
                if let wanted { stream.expected.add(wanted) }
                if stream.difference == nil { stream.difference = Self.difference(wanted, event) }
            }
            expected.removeFirst(min(page.count, expected.count))
            if let last = page.last {
                targetVersion = last.version
                continue
            }
            for event in expected {
                stream.expected.add(event)
                if stream.difference == nil { stream.difference = Self.difference(event, nil) }
            }
            if sourceEnded { return stream }
            expected = []
        }
    }

    /// The epoch is the follower's own business; all else is carried or made.
    private static func difference(_ expected: StoredEvent?, _ candidate: StoredEvent?) -> Difference? {
        guard let expected, let candidate else {
            let version = expected?.version ?? candidate?.version ?? 0
            return Difference(version: version, field: "(event)", expected: expected.map(text), candidate: candidate.map(text))
        }
        let fields: [(String, (StoredEvent) -> String)] = [
            ("version", { String($0.version) }), ("eventId", \.eventId), ("type", \.type), ("schema", { String($0.schema) }),
            ("data", \.data), ("at", \.at), ("origin", \.origin), ("meta", \.meta), ("source", { $0.source ?? "" }),
        ]
        // By bytes: String's == takes canonically equivalent texts for equal.
        for (name, value) in fields where !value(expected).utf8.elementsEqual(value(candidate).utf8) {
            return Difference(
                version: candidate.version, field: name, expected: shortened(value(expected)), candidate: shortened(value(candidate)))
        }
        return nil
    }

    /// An event may have 350 KB, and an answer with many of them 6 MB.
    private static func shortened(_ text: String) -> String {
        text.utf8.count <= 2_000 ? text : "\(text.prefix(1_500))… (\(text.utf8.count) bytes)"
    }

    private static func text(_ event: StoredEvent) -> String { "\(event.type) (id \(event.eventId))" }
}

/// Events that can't be held against each other stream by stream.
public struct NotComparable: Error, Sendable, CustomStringConvertible {
    public var description: String {
        """
        the transform moves events between streams, or adds some at the cut: they can't be compared stream by stream. Their totals were proven \
        when they were replayed; `immutable verify` without --events compares the read models
        """
    }
}

/// What a worker is asked to compare, and what it answers.
public enum EventComparisonOrder {
    public struct Question: Sendable, Codable {
        /// These streams only.
        public var streams: [String]?
        /// Else the streams of one segment: of the release that is followed, or those that only the follower has.
        public var segment: Int?
        public var total: Int?
        public var onlyFollower: Bool?
        /// Where an earlier answer said that it stopped.
        public var resume: Resume?
        /// How long to work before answering.
        public var seconds: Double

        public init(
            streams: [String]? = nil, segment: Int? = nil, total: Int? = nil, onlyFollower: Bool? = nil, resume: Resume? = nil,
            seconds: Double
        ) {
            self.streams = streams
            self.segment = segment
            self.total = total
            self.onlyFollower = onlyFollower
            self.resume = resume
            self.seconds = seconds
        }
    }

    /// The last event that was looked at.
    public struct Resume: Sendable, Hashable, Codable {
        public var aggregateId: String
        public var version: Int
    }

    public struct Answer: Sendable, Codable {
        /// Per target shard, over the streams that are equal.
        public var equal: [Int: Totals] = [:]
        public var streams = 0
        public var events = 0
        /// Streams that differ, or of which nobody can tell.
        public var differing: [EventComparison.Stream] = []
        /// Absent at the end.
        public var resume: Resume?

        public init() {}
    }
}

extension EventComparison {
    private static let width = 8
    private static let keysPerPage = 2_000
    /// Between two looks at the clock.
    private static let streamsPerStep = 40
    /// An answer of Lambda has 6 MB at most.
    private static let differencesPerAnswer = 1_000

    public func answer(_ question: EventComparisonOrder.Question, until deadline: ContinuousClock.Instant) async throws
        -> EventComparisonOrder.Answer
    {
        var answer = EventComparisonOrder.Answer()
        if let streams = question.streams {
            try await compare(streams, into: &answer)
            return answer
        }
        let onlyFollower = question.onlyFollower ?? false
        var request = DynamoDB.ScanRequest(
            table: ledger.names.release(onlyFollower ? target : source).events, segment: question.segment ?? 0,
            totalSegments: question.total ?? 1, limit: Self.keysPerPage, attributes: ["aggregateId", "version"],
            startKey: question.resume.map { ["aggregateId": .s($0.aggregateId), "version": .int($0.version)] })
        var last = question.resume?.aggregateId
        repeat {
            let page = try await ledger.dynamo.scan(request)
            // Each stream of the page with one of its keys, from where the scan can go on.
            var streams: [EventComparisonOrder.Resume] = []
            for item in page.items {
                guard let id = item["aggregateId"]?.string, let version = item["version"]?.int, id != last else { continue }
                streams.append(.init(aggregateId: id, version: version))
                last = id
            }
            for start in stride(from: 0, to: streams.count, by: Self.streamsPerStep) {
                let step = streams[start..<min(start + Self.streamsPerStep, streams.count)]
                let ids = step.map(\.aggregateId)
                try await compare(onlyFollower ? try await unknownToSource(ids) : ids, into: &answer)
                if ContinuousClock.now >= deadline || answer.differing.count >= Self.differencesPerAnswer {
                    answer.resume = step.last
                    return answer
                }
            }
            request.startKey = page.lastKey
        } while request.startKey != nil
        return answer
    }

    private func unknownToSource(_ streams: [String]) async throws -> [String] {
        let keys: [Item] = streams.map { ["aggregateId": .s($0), "version": .int(1)] }
        let known = Set(
            try await ledger.dynamo.batchGet(ledger.names.release(source).events, keys: keys).compactMap { $0["aggregateId"]?.string })
        return streams.filter { !known.contains($0) }
    }

    private func compare(_ streams: [String], into answer: inout EventComparisonOrder.Answer) async throws {
        try await withThrowingTaskGroup(of: Stream.self) { group in
            var waiting = streams.makeIterator()
            for _ in 0..<Self.width {
                guard let next = waiting.next() else { break }
                group.addTask { try await compare(next) }
            }
            while let stream = try await group.next() {
                if let next = waiting.next() { group.addTask { try await compare(next) } }
                answer.streams += 1
                answer.events += stream.events
                if stream.difference == nil, stream.fault == nil {
                    answer.equal[stream.shard, default: .zero] += stream.candidate
                } else {
                    answer.differing.append(stream)
                }
            }
        }
    }
}
