import AWS
import EventSourcing
import EventStore
import Foundation

/// Has a state machine call the workers. This process may end: the execution goes on, and the next one finds it by its name.
struct StateMachineRunner: SegmentRunner {
    let cloud: Cloud
    let candidate: ReleaseRecord
    let source: String
    let pass: ReplayOrder.Pass
    let options: ReplayOptions
    let sink: ProgressSink

    /// Longer than any function may run: each call works for as long as its function's time limit leaves.
    private static let seconds = 900.0
    private static let polls = Backoff(first: .milliseconds(100), factor: 1.5, longest: .seconds(5))

    private var settings: ReplaySettings { candidate.replaySettings }
    private var machine: String { candidate.names.replayMachine }
    private func executionARN(_ name: String) -> String { cloud.executionARN(machine, name) }

    func run(_ report: @escaping @Sendable (_ segment: Int, ReplayAnswer) -> Void) async throws {
        var look = CheckpointLook(cloud: cloud, candidate: candidate, source: source, pass: pass)
        if try await look.isFinished(report) { return }
        let name = try await start()
        sink(
            .note(
                "execution \(name) of \(machine) works on \(settings.segments) segments; it goes on without this command, which may be run again"
            ))
        var polls = 0
        while true {
            // The execution first: what it left is seen after it.
            let execution = try await cloud.stepFunctions.describeExecution(executionARN(name))
            let isFinished = try await look.isFinished(report)
            if let execution, !execution.isRunning {
                guard execution.status == "SUCCEEDED" else { throw try await failure(of: name, execution) }
                guard isFinished else { throw ExecutionFailed(arn: executionARN(name), status: "left segments unfinished") }
                return
            }
            polls += 1
            try await Task.sleep(for: Self.polls.pause(after: polls))
        }
    }

    /// The orders of all segments, as the map's items.
    private func input() throws -> String {
        let share = options.maxWriteUnits.map { Double($0) / Double(min(settings.width, settings.segments)) }
        let orders = (0..<settings.segments).map {
            ReplayOrder(
                pass: pass, segment: $0, total: settings.segments, seconds: Self.seconds, unitsPerSecond: share,
                quarantine: options.quarantines ? true : nil)
        }
        return try StableJSON.encode(["orders": orders])
    }

    /// The name of the execution that runs now, started where none does: `copy-1`, after one that has ended `copy-2`, …. One that was started
    /// with other options is ended.
    private func start() async throws -> String {
        let (steps, input) = (cloud.stepFunctions, try input())
        var number = 1
        while true {
            let name = "\(pass.rawValue)-\(number)"
            let arn = executionARN(name)
            if let found = try await steps.describeExecution(arn) {
                if found.isRunning, found.input == input { return name }
                if found.isRunning {
                    try await steps.stopExecution(arn, cause: "it goes on with other options")
                    try await waitUntil("execution \(name) of \(machine) has ended", deadline: .seconds(60)) {
                        try await steps.describeExecution(arn)?.isRunning == false
                    }
                }
                number += 1
                continue
            }
            do {
                try await steps.startExecution(of: cloud.stateMachineARN(machine), name: name, input: input)
                return name
            } catch let error as AWSError where error.isAlreadyExists {
                // Started by an earlier try a moment ago, or ended and not yet told of: looked at again.
                try await waitUntil("execution \(name) of \(machine) is told of", deadline: .seconds(60)) {
                    try await steps.describeExecution(arn) != nil
                }
            }
        }
    }

    /// What the first worker said that failed, as if it had been called from here.
    private func failure(of name: String, _ execution: StepFunctions.Execution) async throws -> any Error {
        struct Report: Decodable { var errorMessage: String }
        let steps = cloud.stepFunctions
        for mapRun in try await steps.mapRuns(of: executionARN(name)) {
            for child in try await steps.executions(ofMapRun: mapRun, status: "FAILED") {
                guard let failed = try await steps.describeExecution(child), let cause = failed.cause else { continue }
                let message = try? JSONDecoder().decode(Report.self, from: Data(cause.utf8)).errorMessage
                return ReplayStopped(
                    function: candidate.names.function("replay"), reason: message ?? "\(failed.error ?? "failed"): \(cause.prefix(1_000))",
                    type: failed.error)
            }
        }
        let reason = [execution.error, execution.cause].compactMap(\.self).joined(separator: ": ")
        return ExecutionFailed(arn: executionARN(name), status: execution.status, reason: reason)
    }
}

/// How far the segments of a pass are, by their checkpoints. One that is finished isn't read again.
private struct CheckpointLook {
    let cloud: Cloud
    let table: String
    private let pass: ReplayOrder.Pass
    /// Unfinished ones, by the keys of their checkpoints.
    private var open: [Item: Int]
    /// What a segment's workers had spent when it was looked at last.
    private var spent: [Int: ReplayEffort] = [:]

    init(cloud: Cloud, candidate: ReleaseRecord, source: String, pass: ReplayOrder.Pass) {
        self.cloud = cloud
        self.pass = pass
        table = candidate.names.cursors
        let keys = pass.checkpointKeys(of: source, total: candidate.replaySettings.segments)
        open = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
    }

    mutating func isFinished(_ report: (_ segment: Int, ReplayAnswer) -> Void) async throws -> Bool {
        for item in try await cloud.dynamo.batchGet(table, keys: Array(open.keys)) {
            let key = item.filter { $0.key == "consumer" }
            guard let segment = open[key] else { continue }
            let checkpoint = ReplayCheckpoint(item: item)
            var answer = ReplayAnswer(checkpoint, of: pass)
            if let before = spent.updateValue(checkpoint.effort, forKey: segment) { answer.effort = checkpoint.effort - before }
            report(segment, answer)
            if answer.finished { open[key] = nil }
        }
        return open.isEmpty
    }
}

/// An execution that ended otherwise than by finishing its segments, and no worker of which failed.
public struct ExecutionFailed: Error, Sendable, CustomStringConvertible {
    public var arn: String
    public var status: String
    public var reason = ""

    public var description: String {
        """
        \(arn) \(status)\(reason.isEmpty ? "" : " (\(reason))").
        The live release is untouched. hint: run the same command again to go on from the checkpoints, or `immutable abort`
        """
    }
}
