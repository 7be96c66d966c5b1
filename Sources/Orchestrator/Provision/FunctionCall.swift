import AWS
import EventSourcing
import EventStore
import Foundation

/// Invokes functions of a release and reads their answers.
struct FunctionCall: Sendable {
    let cloud: Cloud
    /// How long an answer is waited for, and how long a function whose concurrency is used up is called again.
    var patience: Duration = .seconds(60)

    /// How often a function whose process died is called again.
    private static let deaths = 3

    /// A function's answer is JSON. Throws ``FunctionFailed`` where the function reports an error. Waits while the concurrency is used up.
    /// With `.whenTransient`, which says that the function may act twice, one whose process died or ran out of time is called again.
    func json<T: Decodable>(_ function: String, _ payload: String, retry: RetryRule = .whenUnsent) async throws -> T {
        let bytes = try await send(function, payload, retry: retry)
        do {
            return try JSONDecoder().decode(T.self, from: Data(bytes))
        } catch {
            throw FunctionFailed(function: function, reason: "unexpected answer: \(String(decoding: bytes.prefix(300), as: UTF8.self))")
        }
    }

    @discardableResult
    func send(_ function: String, _ payload: String, retry: RetryRule = .whenUnsent) async throws -> [UInt8] {
        let end = ContinuousClock.now + patience
        var deaths = 0
        while true {
            do {
                let result = try await cloud.lambda.invoke(function, payload: Array(payload.utf8), timeout: patience, retry: retry)
                if let error = result.functionError {
                    if retry == .whenTransient, deaths < Self.deaths, result.hasDied {
                        deaths += 1
                        continue
                    }
                    let report = try? JSONDecoder().decode(Report.self, from: Data(result.payload))
                    let reason = report.map { "\($0.errorType ?? error): \($0.errorMessage)" }
                    throw FunctionFailed(
                        function: function,
                        reason: reason ?? "\(error): \(String(decoding: result.payload.prefix(1_000), as: UTF8.self))",
                        message: report?.errorMessage, type: report?.errorType)
                }
                return result.payload
            } catch let error as AWSError where error.isThrottling && ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(Int.random(in: 100...300)))
            }
        }
    }

    private struct Report: Decodable {
        var errorMessage: String
        var errorType: String?
    }

    /// A hint names at most this many streams: they are projected together.
    static let streamsPerHint = ProjectionBatch.streamLimit

    /// Hands streams to a projector or reactor; returns those that it can't go on with.
    @discardableResult
    func hint(_ function: String, _ streams: [String]) async throws -> [HintAnswer.Fault] {
        struct Order: Encodable { var streams: [String] }
        return try await hint(function, Order(streams: streams)).faults ?? []
    }

    /// The same with events of theirs at hand: those after a stream's cursor spare the projector a query.
    func hint(_ function: String, _ batch: ProjectionBatch) async throws -> [HintAnswer.Fault] {
        try await hint(function, batch.order).faults ?? []
    }

    /// The same, into the one generation that the consumer is asked to fill, where it is for one.
    @discardableResult
    func hint(_ consumer: StreamConsumer, _ streams: [String]) async throws -> [HintAnswer.Fault] {
        guard let generation = consumer.generation else { return try await hint(consumer.function, streams) }
        let answer = try await hint(consumer.function, GenerationOrder(generation: generation, streams: streams))
        guard answer.generation == generation else { throw NoGenerations(function: consumer.function) }
        return answer.faults ?? []
    }

    private struct HintFaults: Decodable {
        var faults: [HintAnswer.Fault]?
        var generation: Int?
    }

    private func hint(_ function: String, _ order: some Encodable) async throws -> HintFaults {
        try await json(function, try StableJSON.encode(order), retry: .whenTransient)
    }
}

/// A function that reported an error.
public struct FunctionFailed: Error, Sendable, CustomStringConvertible {
    public var function: String
    public var reason: String
    /// The error by itself, where the function reported one.
    public var message: String?
    /// The error's type in the function's code.
    public var type: String?

    public var description: String {
        "function '\(function)' failed: \(reason)\nhint: its log group is /aws/lambda/\(function)"
    }
}

/// A projector that fills one table only.
public struct NoGenerations: Error, Sendable, CustomStringConvertible {
    public var function: String

    public var description: String {
        "'\(function)' can't fill a second table: it isn't built with this version's StackRuntime. Nothing was changed for its users.\nhint: deploy a new release instead"
    }
}
