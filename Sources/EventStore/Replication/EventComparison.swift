import AWS
import EventSourcing

/// Compares the events of a release that follows with what the transform makes of the followed release's events: each side is read once and added up
/// by slices; of slices that differ the events themselves are listed.
///
/// A version is compared but where a stream is fed by several: there arrival decides, its events are compared as a set, and its versions have to be
/// without a gap. A stream of any length is gone on with by the next question. Memory: some pages of events.
public struct EventComparison: Sendable {
    let ledger: Ledger
    let source: String
    let target: String
    let mapping: Mapping
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

    var isMerging: Bool { mapping.layout == .merging }

    func reader(_ release: String) -> StreamReader {
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
                let page = try await reader(target).part(run.aggregateId, after: version, limit: StreamWalk.eventsPerPage)
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
        let walk = StreamWalk(
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
    private func goOn(_ open: inout [ExpectedStream], _ walk: StreamWalk, _ tally: inout EventTally) async throws {
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
