import EventSourcing
import EventStore

/// The second pass run by this process: one worker a segment, each reporting every second.
struct ProofWorkers: SegmentRunner {
    let cloud: Cloud
    let ledger: Ledger
    let source: String
    let target: String
    let segments: Int
    /// The functions that get every stream.
    let projectors: [String]

    func run(_ report: @escaping @Sendable (_ segment: Int, ReplayAnswer) -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for segment in 0..<segments {
                group.addTask { try await measure(segment, report) }
            }
            try await group.waitForAll()
        }
    }

    private func measure(_ segment: Int, _ report: @Sendable (_ segment: Int, ReplayAnswer) -> Void) async throws {
        let hand: (@Sendable (ProjectionBatch) async throws -> Void)? = projectors.isEmpty ? nil : { @Sendable in try await project($0) }
        let proof = SegmentProof(ledger: ledger, source: source, target: target, segment: segment, total: segments, project: hand)
        let order = ReplayOrder(pass: .prove, segment: segment, total: segments, seconds: SegmentWorkers.reportSeconds)
        while true {
            // Nothing ends this process: a page that was begun is ended, rather than read again.
            let step = try await proof.work(until: .now + .seconds(SegmentWorkers.reportSeconds), giveUp: .now + .seconds(3_600))
            let answer = ReplayAnswer(step, of: order)
            report(segment, answer)
            if answer.finished { return }
        }
    }

    private func project(_ batch: ProjectionBatch) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for function in projectors {
                group.addTask {
                    if let fault = try await faults(of: function, batch).first { throw PoisonousEvent(function: function, fault: fault) }
                }
            }
            try await group.waitForAll()
        }
    }

    private func faults(of function: String, _ batch: ProjectionBatch) async throws -> [HintAnswer.Fault] {
        let call = FunctionCall(cloud: cloud)
        let faults = try await batch.handOver({ try await call.hint(function, $0) }, isGap: { (error: FunctionFailed) in error.isGap })
        return Array(faults.joined())
    }
}
