import EventSourcing
import EventStore

extension FunctionFailed {
    /// Whether a stream that lacks a version made the function fail.
    var isGap: Bool { type == "\(StreamGap.self)" }
}

/// Asks about many streams together. One that lacks a version fails the whole invocation, whose error names no other: then each half is asked
/// about, down to the one that fails. `gap` answers for that one.
func askingInHalves<Question, Answer>(
    _ questions: [Question], _ ask: ([Question]) async throws -> Answer, gap: (Question, FunctionFailed) -> Answer
) async throws -> [Answer] {
    do {
        return [try await ask(questions)]
    } catch let error as FunctionFailed where error.isGap {
        guard questions.count > 1 else { return questions.map { gap($0, error) } }
        let middle = questions.count / 2
        let first = try await askingInHalves(Array(questions[..<middle]), ask, gap: gap)
        return first + (try await askingInHalves(Array(questions[middle...]), ask, gap: gap))
    }
}

extension FunctionCall {
    /// As ``hint(_:_:)``: a stream that lacks a version is one more that the consumer can't go on with.
    func hintEach(_ consumer: StreamConsumer, _ streams: [String]) async throws -> [HintAnswer.Fault] {
        let faults = try await askingInHalves(streams) { asked in
            try await hint(consumer, asked)
        } gap: { stream, error in
            let gap: any StreamFault = ToldGap(description: error.message ?? error.reason)
            return HintAnswer([stream: gap]).faults
        }
        return Array(faults.joined())
    }
}

/// A gap that a function told of.
private struct ToldGap: StreamFault, CustomStringConvertible {
    var description: String
}
