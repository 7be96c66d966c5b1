import AWS
import EventSourcing
import EventStore
import Foundation

/// The documents that events touch which the tail carried: both releases' projections tell (`documentIDs(for:)`), having taken the streams in.
struct TouchedDocuments: Sendable {
    let cloud: Cloud
    let live: ReleaseRecord
    let candidate: ReleaseRecord

    /// By read model; and what can't be told, with the reason: a stream that a projection can't take in, or a function that doesn't know the question.
    struct Found: Sendable {
        var documents: [String: Set<String>] = [:]
        var stopped: [String: String] = [:]
    }

    /// Invocations at a time.
    private static let width = 8

    /// When it returns, the projections of both releases have taken in what the entries tell of.
    func find(_ entries: [TouchedJournal.Entry], in readModels: Set<String>) async throws -> Found {
        guard !entries.isEmpty, !readModels.isEmpty else { return Found() }
        var questions: [(readModel: String, function: String, streams: [TouchedOrder.Stream])] = []
        for (record, spans) in [(live, entries.sources), (candidate, entries.targets)] {
            let streams = spans.sorted { $0.key < $1.key }.map { TouchedOrder.Stream(stream: $0.key, $0.value) }
            for projector in Blueprint(record).projectors where readModels.contains(projector.readModel) {
                for some in streams.chunks(of: FunctionCall.streamsPerHint) {
                    questions.append((projector.readModel, projector.function, some))
                }
            }
        }
        let call = FunctionCall(cloud: cloud)
        return try await withThrowingTaskGroup(of: (String, Result<TouchedOrder.Answer, FunctionFailed>).self) { group in
            var waiting = questions.makeIterator()
            func startNext() {
                guard let (readModel, function, streams) = waiting.next() else { return }
                group.addTask {
                    let order = try StableJSON.encode(TouchedOrder(touched: streams))
                    do {
                        return (readModel, .success(try await call.json(function, order, retry: .whenTransient)))
                    } catch let error as FunctionFailed {
                        return (readModel, .failure(error))
                    }
                }
            }
            for _ in 0..<Self.width { startNext() }
            var found = Found()
            while let (readModel, answer) = try await group.next() {
                switch answer {
                case .success(let answer):
                    found.documents[readModel, default: []].formUnion(answer.documents)
                    for fault in answer.faults { found.stopped["stream '\(fault.aggregateId)'"] = fault.error }
                case .failure(let error): found.stopped[error.function] = error.reason
                }
                startNext()
            }
            return found
        }
    }
}
