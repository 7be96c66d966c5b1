import AWS
import EventSourcing
import EventStore
import Foundation

/// The documents that events touch which the tail carried: both releases' projections tell (`documentIDs(for:)`), having taken the streams in.
struct TouchedDocuments: Sendable {
    let cloud: Cloud
    let live: ReleaseRecord
    let candidate: ReleaseRecord

    struct Found: Sendable {
        /// By read model, then by stream, of the live release and of the candidate.
        var sources: [String: [String: [String]]] = [:]
        var targets: [String: [String: [String]]] = [:]
        /// Streams that a projection can't take in, or that weren't replicated.
        var stopped = StoppedStreams()
        /// Functions that couldn't be asked, or don't know the question, with the reason.
        var failed: [String: String] = [:]
        /// Read models of which not every document is known: a function failed, or a stream that lacks a version can't be read to its end.
        var untold: Set<String> = []

        func documents(in readModel: String) -> Set<String> {
            Set([sources, targets].flatMap { ($0[readModel] ?? [:]).values.joined() })
        }

        /// Those of one entry.
        func documents(of entry: TouchedJournal.Entry, in readModel: String) -> Set<String> {
            let live = entry.sources.keys.compactMap { sources[readModel]?[$0] }
            let following = entry.targets.keys.compactMap { targets[readModel]?[$0] }
            return Set((live + following).joined())
        }

        /// What streams that are stopped hold back of a read model, as far as their documents were asked for.
        func heldBack(by stopped: StoppedStreams, in readModel: String) -> HeldBack {
            let stopped = stopped.concerning(readModel)
            let documents = stopped.streams.flatMap { stream in
                [sources, targets].flatMap { $0[readModel]?[stream] ?? [] }
            }
            return HeldBack(by: stopped, documents: Set(documents), isWhole: stopped.isWhole && !untold.contains(readModel))
        }

        /// What can't be told, with its count and the first few; `nil` where there is nothing.
        var unknown: String? {
            var parts: [String] = []
            if !stopped.isEmpty { parts.append("streams are stopped: \(stopped.summary)") }
            if let first = failed.min(by: { $0.key < $1.key }) {
                parts.append(
                    "\(failed.count) function\(failed.count == 1 ? "" : "s") couldn't tell: \(first.key): \(first.value)"
                        + (failed.count > 1 ? "; …" : ""))
            }
            return parts.isEmpty ? nil : parts.joined(separator: "; ")
        }
    }

    /// Invocations at a time.
    private static let width = 8

    fileprivate typealias Side = any WritableKeyPath<Found, [String: [String: [String]]]> & Sendable

    /// Some streams of one side that a projector is asked about.
    fileprivate struct Question: Sendable {
        var side: Side
        var readModel: String
        var release: String
        var function: String
        var streams: [TouchedOrder.Stream]
    }

    /// What a projector told of them.
    fileprivate struct Told: Sendable {
        var documents: [String: [String]] = [:]
        var faults: [HintAnswer.Fault] = []
        /// Streams that lack a version, with the error.
        var gaps: [String: String] = [:]
        var failure: String?
    }

    /// When it returns, the projections of both releases have taken in what the entries tell of.
    func find(_ entries: [TouchedJournal.Entry], in readModels: Set<String>) async throws -> Found {
        try await find(sources: entries.sources, targets: entries.targets, in: readModels)
    }

    /// The same of some streams of the live release, and of the candidate.
    func find(sources: [String: TouchedSpan], targets: [String: TouchedSpan], in readModels: Set<String>) async throws -> Found {
        let asked = questions(\.sources, live, sources, in: readModels) + questions(\.targets, candidate, targets, in: readModels)
        return try await withThrowingTaskGroup(of: (Question, Told).self) { group in
            var waiting = asked.makeIterator()
            func startNext() {
                guard let question = waiting.next() else { return }
                group.addTask { (question, try await ask(question)) }
            }
            for _ in 0..<Self.width { startNext() }
            var found = Found()
            while let (question, told) = try await group.next() {
                found.add(told, to: question)
                startNext()
            }
            return found
        }
    }

    private func questions(
        _ side: Side, _ record: ReleaseRecord, _ spans: [String: TouchedSpan], in readModels: Set<String>
    ) -> [Question] {
        let streams = spans.sorted { $0.key < $1.key }.map { TouchedOrder.Stream(stream: $0.key, $0.value) }
        return Blueprint(record).projectors.filter { readModels.contains($0.readModel) }.flatMap { projector in
            streams.chunks(of: FunctionCall.streamsPerHint).map {
                Question(
                    side: side, readModel: projector.readModel, release: record.release, function: projector.function, streams: $0)
            }
        }
    }

    private func ask(_ question: Question) async throws -> Told {
        let call = FunctionCall(cloud: cloud)
        let parts = try await askingInHalves(question.streams) { streams -> Told in
            do {
                let order = try StableJSON.encode(TouchedOrder(touched: streams))
                let answer: TouchedOrder.Answer = try await call.json(question.function, order, retry: .whenTransient)
                return Told(documents: answer.documents, faults: answer.faults)
            } catch let error as FunctionFailed where !error.isGap {
                return Told(failure: error.reason)
            }
        } isOfOne: { (error: FunctionFailed) in
            error.isGap
        } alone: { stream, error -> Told in
            Told(gaps: [stream.stream: error.message ?? error.reason])
        }
        return parts.reduce(into: Told()) { all, part in
            all.documents.merge(part.documents) { $1 }
            all.faults += part.faults
            all.gaps.merge(part.gaps) { $1 }
            all.failure = all.failure ?? part.failure
        }
    }
}

extension TouchedDocuments.Found {
    fileprivate mutating func add(_ told: TouchedDocuments.Told, to question: TouchedDocuments.Question) {
        let place = StoppedStreams.Place.projector(readModel: question.readModel, release: question.release)
        self[keyPath: question.side][question.readModel, default: [:]].merge(told.documents) { $1 }
        for fault in told.faults { stopped.stop(fault.aggregateId, at: place, because: fault.error) }
        for (stream, error) in told.gaps.sorted(by: { $0.key < $1.key }) { stopped.stop(stream, at: place, because: error) }
        if let failure = told.failure { failed[question.function] = failure }
        if told.failure != nil || !told.gaps.isEmpty { untold.insert(question.readModel) }
    }
}
