import EventSourcing
import EventStore
import Foundation

/// How documents that differ came to be: both sides' positions, and the candidate's events that touch them.
struct DocumentEvidence: Sendable {
    let cloud: Cloud
    /// The candidate's projector, which knows the documents of an event; `nil` where it has none.
    let projector: String?

    private struct Question: Encodable {
        var document: String
        var stream: String
    }
    private struct Order: Encodable { var touching: [Question] }
    private struct Answer: Decodable { var events: [[String]]? }

    /// What came of a question: events, or why there are none.
    private struct Told {
        var stream: String
        var events: [String] = []
        var note: String?
    }

    func gather(_ differing: [(key: String, value: DocumentWatch.Suspect)]) async throws -> [ParityReport.Evidence] {
        var all: [ParityReport.Evidence] = []
        for some in differing.chunks(of: 100) {
            let questions = some.flatMap { document, suspect in
                Self.streams(suspect).map { Question(document: document, stream: $0) }
            }
            var told = try await ask(questions)[...]
            for (document, suspect) in some {
                let mine = told.prefix(Self.streams(suspect).count)
                told = told.dropFirst(mine.count)
                var evidence = ParityReport.Evidence(
                    document: document, live: suspect.sighting.livePosition, candidate: suspect.sighting.candidatePosition,
                    events: mine.flatMap { $0.events })
                // Under a transform the live stream's name may be none of the candidate's.
                let telling = mine.filter { !$0.events.isEmpty }.map { $0.stream }
                if !telling.isEmpty { evidence.streams = telling }
                evidence.note = mine.lazy.compactMap { $0.note }.first
                all.append(evidence)
            }
        }
        return all
    }

    /// Those of the last events that touched the document, the candidate's first.
    private static func streams(_ suspect: DocumentWatch.Suspect) -> [String] {
        let events = [suspect.sighting.candidatePosition?.event, suspect.sighting.livePosition?.event]
        return events.compactMap { $0.flatMap(EventPosition.init)?.aggregateId }.reduce(into: []) { streams, stream in
            if !streams.contains(stream) { streams.append(stream) }
        }
    }

    /// In the order of the questions. Evidence only: a function that doesn't know the question, or fails, costs no verdict.
    private func ask(_ questions: [Question]) async throws -> [Told] {
        guard let projector else { return questions.map { Told(stream: $0.stream, note: "the candidate has no projector to ask") } }
        guard !questions.isEmpty else { return [] }
        let call = FunctionCall(cloud: cloud)
        let parts = try await askingInHalves(questions) { asked -> [Told] in
            do {
                let order = try StableJSON.encode(Order(touching: asked))
                let answer: Answer = try await call.json(projector, order, retry: .whenTransient)
                guard let events = answer.events, events.count == asked.count else {
                    return asked.map { Told(stream: $0.stream, note: "'\(projector)' doesn't know the question") }
                }
                return zip(asked, events).map { Told(stream: $0.stream, events: $1) }
            } catch let error where !(error is CancellationError) {
                let failed = error as? FunctionFailed
                if let failed, failed.isGap { throw failed }
                return asked.map { Told(stream: $0.stream, note: failed?.reason ?? "\(error)") }
            }
        } isOfOne: { (error: FunctionFailed) in
            error.isGap
        } alone: { question, error -> [Told] in
            [Told(stream: question.stream, note: error.message ?? error.reason)]
        }
        return Array(parts.joined())
    }
}
