import AWS
import EventSourcing

/// Compares the events of a release that follows with what the transform makes of the followed release's events: each side is read once and added up
/// by slices; of slices that differ the events themselves are listed.
///
/// A version is compared but where a stream is fed by several: there arrival decides, its events are compared as a set, and its versions have to be
/// without a gap. A stream of any length is gone on with by the next question. Memory: some pages of events.
public struct EventComparison: Sendable {
    private let ledger: Ledger
    private let source: String
    private let target: String
    private let mapping: Mapping
    private let slices: EventSlices

    public init(ledger: Ledger, source: String, target: String, by mapping: Mapping) {
        self.ledger = ledger
        self.source = source
        self.target = target
        self.mapping = mapping
        slices = EventSlices(ledger.shards)
    }

    private typealias Resume = EventComparisonOrder.Resume

    /// An answer of Lambda has 6 MB at most; the totals take 0.3 of it, what streams are gone on with as much again as this.
    private static let bytesPerAnswer = 2_000_000

    public func answer(
        _ question: EventComparisonOrder.Question, until deadline: ContinuousClock.Instant
    ) async throws -> EventComparisonOrder.Answer {
        var tally = EventTally(slices, question, from: source, ignoresVersions: isMerging)
        let resume =
            switch question.side {
            case .expected: try await readSource(question, into: &tally, until: deadline)
            case .candidate: try await readFollower(question, into: &tally, until: deadline)
            }
        var answer = tally.answer
        answer.resume = resume
        return answer
    }

    private var isMerging: Bool { mapping.layout == .merging }

    private func reader(_ release: String) -> StreamReader {
        StreamReader(dynamo: ledger.dynamo, table: ledger.names.release(release).events)
    }

    private func isFull(_ tally: EventTally, _ deadline: ContinuousClock.Instant) -> Bool {
        ContinuousClock.now >= deadline || tally.bytes >= Self.bytesPerAnswer
    }

    private func scan(_ release: String, _ resume: Resume?) -> DynamoDB.ScanRequest {
        var request = DynamoDB.ScanRequest(table: ledger.names.release(release).events)
        if let id = resume?.aggregateId, let version = resume?.version {
            request.startKey = ["aggregateId": .s(id), "version": .n(version)]
        }
        return request
    }
}

// MARK: The follower

extension EventComparison {
    private func readFollower(
        _ question: EventComparisonOrder.Question, into tally: inout EventTally, until deadline: ContinuousClock.Instant
    ) async throws -> Resume? {
        var request = scan(target, question.resume)
        (request.segment, request.totalSegments) = (question.segment, question.total)
        var run = question.resume?.run
        while true {
            let page = try await ledger.dynamo.scan(request)
            for item in page.items {
                let (stream, version) = (item["aggregateId"]?.string ?? "", item["version"]?.int ?? 0)
                do {
                    tally.add(candidate: try StoredEvent(item: item))
                } catch let odd as OddItem {
                    tally.add(odd: odd, stream: stream, version: version, source: item["source"]?.string)
                }
                guard isMerging, question.slices == nil else { continue }
                if run?.aggregateId != stream {
                    try await check(run, &tally, until: deadline)
                    run = VersionRun(stream)
                }
                run?.add(version)
            }
            guard let last = page.lastKey else {
                try await check(run, &tally, until: deadline)
                return nil
            }
            request.startKey = last
            if isFull(tally, deadline) {
                return Resume(aggregateId: last["aggregateId"]?.string, version: last["version"]?.number, run: run)
            }
        }
    }

    /// Each gap takes a third of a second to be sure of: so many of an answer are enough.
    private static let gapsPerAnswer = 20

    private func check(_ run: VersionRun?, _ tally: inout EventTally, until deadline: ContinuousClock.Instant) async throws {
        guard let run, run.mayHaveGap, tally.answer.gaps.count < Self.gapsPerAnswer else { return }
        var version = 0
        do {
            while true {
                if version > 0, ContinuousClock.now >= deadline {
                    return tally.cannotTell(
                        of: run.aggregateId, "the candidate's stream is too long to look for a gap in a function's time")
                }
                let page = try await reader(target).part(run.aggregateId, after: version, limit: Walk.eventsPerPage)
                guard let last = page.events.last, !page.isLast else { return }
                version = last.version
            }
        } catch let gap as StreamGap {
            tally.found(gap)
        } catch is OddItem {
            // It differs by itself.
        }
    }
}

// MARK: What is expected

extension EventComparison {
    /// What a stream that is gone on with takes of a question and an answer.
    private static let bytesPerStream = 400_000

    private func readSource(
        _ question: EventComparisonOrder.Question, into tally: inout EventTally, until deadline: ContinuousClock.Instant
    ) async throws -> Resume? {
        let walk = Walk(
            reader: reader(source), mapping: mapping, source: source, follower: target,
            cuts: mapping.closesAtCut ? try await ledger.heads().map { $0.cut?.epoch ?? 0 } : nil, shards: ledger.shards,
            deadline: deadline, empty: EventTally(slices, question, from: source, ignoresVersions: isMerging))
        var place = question.resume ?? Resume()
        if !place.open.isEmpty {
            try await goOn(&place.open, walk, &tally)
            if isFull(tally, deadline) { return place.isFinished ? nil : place }
        }
        var request = scan(source, place)
        (request.segment, request.totalSegments) = (question.segment, question.total)
        while !place.isScanned {
            let page = try await ledger.dynamo.scanEncoded(request)
            // What the last page began of a stream was read to its end by queries.
            for run in try SourcePage(page).runs where run.aggregateId != place.aggregateId {
                if run.isWhole, run.startsAtOne, !run.hasOddItems, tally.answer.events == 0 || !isFull(tally, deadline) {
                    tally.add(try walk.whole(run))
                } else {
                    place.open.append(ExpectedStream(run.aggregateId, from: source))
                }
            }
            request.startKey = page.lastKey
            place.isScanned = page.lastKey == nil
            if let last = page.lastKey { (place.aggregateId, place.version) = (last["aggregateId"]?.string, last["version"]?.number) }
            try await goOn(&place.open, walk, &tally)
            if isFull(tally, deadline) { return place.isFinished ? nil : place }
        }
        return nil
    }

    /// Reads streams to their end, one after the other while there is time, a page at any rate.
    private func goOn(_ open: inout [ExpectedStream], _ walk: Walk, _ tally: inout EventTally) async throws {
        let readBefore = tally.answer.events > 0
        var steps = 0
        while let stream = open.first, !isFull(tally, walk.deadline) || (steps == 0 && !readBefore) {
            steps += 1
            let walked = try await walk.on(stream)
            tally.add(walked.tally)
            if let rest = walked.rest { open[0] = rest } else { open.removeFirst() }
        }
        for stream in open {
            let bytes = try StableJSON.encode(stream).utf8.count
            guard bytes > Self.bytesPerStream else { continue }
            tally.cannotTell(
                of: stream.aggregateId,
                "it is too long for one call of the function, and what the transform keeps of it for the next one takes \(bytes) bytes")
            open.removeAll { $0.aggregateId == stream.aggregateId }
        }
    }
}

/// Reads source streams on, and adds up what becomes of them.
private struct Walk: Sendable {
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

// MARK: What differs

extension EventComparison {
    /// Tells the first field in which each pair differs; `nil` where one of the two isn't found in time, or nothing differs.
    public func explain(
        _ pairs: [EventComparisonOrder.Pair], until deadline: ContinuousClock.Instant
    ) async throws -> [EventComparisonOrder.Difference?] {
        var differences: [EventComparisonOrder.Difference?] = []
        let table = ledger.names.release(target).events
        for pair in pairs {
            let key: Item = ["aggregateId": .s(pair.candidate.stream), "version": .int(pair.candidate.version)]
            if let item = try await ledger.dynamo.getItem(table, key), let candidate = try? StoredEvent(item: item),
                let expected = try await expected(pair.expected, until: deadline)
            {
                differences.append(difference(expected, candidate))
            } else {
                differences.append(nil)
            }
        }
        return differences
    }

    /// Transforms a stream again, down to what becomes of one event. `nil` where it isn't found in time.
    private func expected(_ event: EventComparisonOrder.Event, until deadline: ContinuousClock.Instant) async throws -> StoredEvent? {
        guard let position = EventPosition(event.source) else { return nil }
        var stream = ExpectedStream(position.aggregateId, from: source)
        let cut = mapping.closesAtCut ? try await ledger.head(ledger.shards.shard(of: position.aggregateId)).cut?.epoch ?? 0 : .max
        var last: StoredEvent?
        while ContinuousClock.now < deadline {
            var made: [StoredEvent] = []
            let isLast: Bool
            do {
                let page = try await reader(source).part(position.aggregateId, after: stream.version, limit: Walk.eventsPerPage)
                try stream.take(page.events, cut: cut, by: mapping, into: target, closing: last, made: &made)
                last = page.events.last ?? last
                isLast = page.isLast
                if isLast { try stream.close(after: last, by: mapping, made: &made) }
            } catch is any StreamFault {
                return nil
            }
            let found = made.first { $0.aggregateId == event.stream && $0.eventId == event.eventId && $0.version == event.version }
            if found != nil || isLast { return found }
        }
        return nil
    }

    private func difference(_ expected: StoredEvent, _ candidate: StoredEvent) -> EventComparisonOrder.Difference? {
        let fields: [(String, (StoredEvent) -> String)] = [
            ("version", { [isMerging] in isMerging ? "" : String($0.version) }), ("eventId", \.eventId), ("type", \.type),
            ("schema", { String($0.schema) }), ("data", \.data), ("at", \.at), ("origin", \.origin), ("meta", \.meta),
            ("from", { $0.from ?? "" }), ("source", { $0.source ?? "" }), ("epoch", { String($0.epoch) }),
        ]
        // By bytes: String's == takes canonically equivalent texts for equal.
        for (name, value) in fields where !value(expected).utf8.elementsEqual(value(candidate).utf8) {
            // An event may have 350 KB, and an answer with many of them 6 MB.
            let shown = Excerpt.pair((value(expected), value(candidate)))
            return .init(field: name, expected: shown.0 ?? "", candidate: shown.1 ?? "")
        }
        return nil
    }
}
