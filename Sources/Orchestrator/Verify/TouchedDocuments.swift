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
        /// What can't be told, with the reason: a stream that a projection can't take in, or a function that doesn't know the question.
        var stopped: [String: String] = [:]

        func documents(in readModel: String) -> Set<String> {
            Set([sources, targets].flatMap { ($0[readModel] ?? [:]).values.joined() })
        }

        /// Those of one entry.
        func documents(of entry: TouchedJournal.Entry, in readModel: String) -> Set<String> {
            let live = entry.sources.keys.compactMap { sources[readModel]?[$0] }
            let following = entry.targets.keys.compactMap { targets[readModel]?[$0] }
            return Set((live + following).joined())
        }
    }

    /// Invocations at a time.
    private static let width = 8

    /// When it returns, the projections of both releases have taken in what the entries tell of.
    func find(_ entries: [TouchedJournal.Entry], in readModels: Set<String>) async throws -> Found {
        guard !entries.isEmpty, !readModels.isEmpty else { return Found() }
        typealias Side = any WritableKeyPath<Found, [String: [String: [String]]]> & Sendable
        var questions: [(side: Side, readModel: String, function: String, streams: [TouchedOrder.Stream])] = []
        let sides: [(Side, ReleaseRecord, [String: TouchedSpan])] = [
            (\.sources, live, entries.sources), (\.targets, candidate, entries.targets),
        ]
        for (side, record, spans) in sides {
            let streams = spans.sorted { $0.key < $1.key }.map { TouchedOrder.Stream(stream: $0.key, $0.value) }
            for projector in Blueprint(record).projectors where readModels.contains(projector.readModel) {
                for some in streams.chunks(of: FunctionCall.streamsPerHint) {
                    questions.append((side, projector.readModel, projector.function, some))
                }
            }
        }
        let call = FunctionCall(cloud: cloud)
        return try await withThrowingTaskGroup(of: (Side, String, Result<TouchedOrder.Answer, FunctionFailed>).self) { group in
            var waiting = questions.makeIterator()
            func startNext() {
                guard let (side, readModel, function, streams) = waiting.next() else { return }
                group.addTask {
                    let order = try StableJSON.encode(TouchedOrder(touched: streams))
                    do {
                        return (side, readModel, .success(try await call.json(function, order, retry: .whenTransient)))
                    } catch let error as FunctionFailed {
                        return (side, readModel, .failure(error))
                    }
                }
            }
            for _ in 0..<Self.width { startNext() }
            var found = Found()
            while let (side, readModel, answer) = try await group.next() {
                switch answer {
                case .success(let answer):
                    found[keyPath: side][readModel, default: [:]].merge(answer.documents) { $1 }
                    for fault in answer.faults { found.stopped["stream '\(fault.aggregateId)'"] = fault.error }
                case .failure(let error): found.stopped[error.function] = error.reason
                }
                startNext()
            }
            return found
        }
    }
}
