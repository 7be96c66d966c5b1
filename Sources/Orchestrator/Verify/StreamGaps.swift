import EventSourcing
import EventStore

extension FunctionFailed {
    /// Whether a stream that lacks a version made the function fail.
    var isGap: Bool { self.is(StreamGap.self) }

    /// Whether it is an error of this type that a function reported.
    func `is`(_ error: any Error.Type) -> Bool { type == "\(error)" }
}

extension FunctionCall {
    /// As ``hint(_:_:)``: a stream that lacks a version is one more that the consumer can't go on with.
    func hintEach(_ consumer: StreamConsumer, _ streams: [String]) async throws -> [HintAnswer.Fault] {
        let faults = try await askingInHalves(streams) { asked in
            try await hint(consumer, asked)
        } isOfOne: { (error: FunctionFailed) in
            error.isGap
        } alone: { stream, error in
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
