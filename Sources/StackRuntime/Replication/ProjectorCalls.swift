import AWS
import EventSourcing
import EventStore
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Hands streams to every projector of the own release, to all of them at a time.
struct ProjectorCalls: Sendable {
    let context: ReleaseContext
    /// By function name.
    let projectors: [String]
    let invocation: Invocation

    private static let deaths = 3

    /// Throws ``PoisonousEvent`` for the first stream that a projector can't go on with. One that lacks an event is no reason to stop: its
    /// shard's totals tell.
    func project(_ batch: ProjectionBatch) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for function in projectors {
                group.addTask {
                    _ = try await batch.handOver({ try await send($0, to: function) }, isGap: { (_: LacksVersion) in true })
                }
            }
            try await group.waitForAll()
        }
    }

    private func send(_ batch: ProjectionBatch, to function: String) async throws {
        let payload = Array(try StableJSON.encode(batch.order).utf8)
        let lambda = Lambda(context.aws)
        var pause = Pause(clock: context.dynamo.clock)
        var deaths = 0
        while true {
            let result: Lambda.InvokeResult
            do {
                // Projecting a stream twice changes nothing.
                result = try await lambda.invoke(
                    function, payload: payload, timeout: .seconds(max(1, invocation.remaining())), retry: .whenTransient)
            } catch let error as AWSError where error.isThrottling && invocation.remaining() > 1 {
                try await pause.growing()
                continue
            }
            if result.hasDied, deaths < Self.deaths {
                deaths += 1
                continue
            }
            if result.functionError != nil, (try? JSON(parsing: result.payload))?["errorType"].string == "\(StreamGap.self)" {
                throw LacksVersion()
            }
            guard result.functionError == nil, let answer = try? JSONDecoder().decode(HintAnswer.self, from: Data(result.payload)) else {
                throw ProjectorFailed(function: function, reason: String(decoding: result.payload.prefix(500), as: UTF8.self))
            }
            if let fault = answer.faults.first { throw PoisonousEvent(function: function, fault: fault) }
            return
        }
    }
}

/// A stream lacks a version.
private struct LacksVersion: Error {}

/// A projector that answered with an error.
struct ProjectorFailed: Error, CustomStringConvertible {
    var function: String
    var reason: String
    var description: String { "function '\(function)' failed: \(reason)\nhint: its log group is /aws/lambda/\(function)" }
}
