import EventSourcing
import EventStore

/// The workers of a pass, called from here: one a segment, each working for a second at a time, until all are finished.
struct SegmentWorkers: SegmentRunner {
    let cloud: Cloud
    /// The candidate's function.
    let function: String
    let segments: Int
    let pass: ReplayOrder.Pass
    let options: ReplayOptions

    /// Of a deployment that begins.
    static let usualSegments = 4
    /// How long a segment works before it reports.
    static let reportSeconds = 1.0

    func run(_ report: @escaping @Sendable (_ segment: Int, ReplayAnswer) -> Void) async throws {
        let share = WriteShare(options.maxWriteUnits, among: segments)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for segment in 0..<segments {
                group.addTask {
                    while true {
                        let answer = try await work(on: segment, unitsPerSecond: share.unitsPerSecond)
                        report(segment, answer)
                        if answer.finished { return share.leave() }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func work(on segment: Int, unitsPerSecond: Double?) async throws -> ReplayAnswer {
        let order = ReplayOrder(
            pass: pass, segment: segment, total: segments, seconds: Self.reportSeconds, unitsPerSecond: unitsPerSecond,
            quarantine: options.quarantines ? true : nil)
        do {
            // The worker goes on from its checkpoint, so an unanswered invocation may be sent again.
            return try await FunctionCall(cloud: cloud).json(function, try StableJSON.encode(order), retry: .whenTransient)
        } catch let error as FunctionFailed {
            throw ReplayStopped(function: function, reason: error.message ?? "\(error)", type: error.type)
        }
    }
}

/// A replay that a worker stopped. What was copied is kept.
public struct ReplayStopped: Error, Sendable, CustomStringConvertible {
    public var function: String
    /// The worker's error: it names the event or the items.
    public var reason: String
    var type: String?

    public var description: String {
        let hint =
            reason.contains("The live release is untouched")
            ? "" : "\nThe live release is untouched. hint: run the same command again; it goes on where it stopped"
        return "the replay stopped: \(reason)\(hint)\nthe function's log group is /aws/lambda/\(function)"
    }
}
