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

    func gather(_ differing: [(key: String, value: DocumentWatch.Suspect)]) async throws -> [ParityReport.Evidence] {
        var all: [ParityReport.Evidence] = []
        for some in differing.chunks(of: 100) {
            let questions = some.map { Question(document: $0.key, stream: Self.stream($0.value) ?? "") }
            let events = await events(questions)
            for (index, (document, suspect)) in some.enumerated() {
                all.append(
                    .init(
                        document: document, live: suspect.sighting.livePosition, candidate: suspect.sighting.candidatePosition,
                        events: index < events.count ? events[index] : []))
            }
        }
        return all
    }

    /// The stream of the last event that touched the document.
    private static func stream(_ suspect: DocumentWatch.Suspect) -> String? {
        (suspect.sighting.candidatePosition?.event ?? suspect.sighting.livePosition?.event).flatMap(EventPosition.init)?.aggregateId
    }

    /// Evidence only: a function that doesn't know the question, or fails, costs no verdict.
    private func events(_ questions: [Question]) async -> [[String]] {
        guard let projector, questions.contains(where: { !$0.stream.isEmpty }),
            let order = try? JSONEncoder().encode(Order(touching: questions.filter { !$0.stream.isEmpty }))
        else { return [] }
        let answer: Answer? = try? await FunctionCall(cloud: cloud).json(
            projector, String(decoding: order, as: UTF8.self), retry: .whenTransient)
        var told = (answer?.events ?? []).makeIterator()
        return questions.map { $0.stream.isEmpty ? [] : told.next() ?? [] }
    }
}
