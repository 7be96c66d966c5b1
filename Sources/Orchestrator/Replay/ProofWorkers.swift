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
            let answer = ReplayAnswer(try await proof.work(until: .now + .seconds(SegmentWorkers.reportSeconds)), of: order)
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

    /// A stream that lacks an event fails the invocation: then each is handed over by itself, and those that aren't whole are passed over.
    private func faults(of function: String, _ batch: ProjectionBatch) async throws -> [HintAnswer.Fault] {
        do {
            return try await FunctionCall(cloud: cloud).hint(function, batch)
        } catch let error as FunctionFailed where error.type == "\(StreamGap.self)" {
            guard batch.streams.count > 1 else { return [] }
            var faults: [HintAnswer.Fault] = []
            for stream in batch.single { faults += try await self.faults(of: function, stream) }
            return faults
        }
    }
}
