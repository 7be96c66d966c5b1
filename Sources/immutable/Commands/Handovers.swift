import EventSourcing
import Orchestrator

extension HandoverRecord.Kind {
    /// Runs the handover: `cutover` and `rollback` differ in their direction only.
    func run(
        _ stack: String, waived: [String], recheck: RecheckOptions = .init(), question: Question, format: OutputFormat
    ) async throws {
        let outcome: HandoverCommand.Outcome
        do {
            outcome = try await HandoverCommand(
                cloud: .connected(), stack: stack, kind: self, waived: Set(waived), recheck: recheck, sink: ProgressView.sink,
                ready: { try question.require() }
            ) { intent in
                try await question.ask(intent.question, showing: intent.text(Terminal.standardError.style))
            }.run()
        } catch {
            if format == .json, let unfinished = UnfinishedHandover(error) {
                Terminal.standardOutput.print(try OutputFormat.json(unfinished))
            }
            throw error
        }
        switch outcome {
        case .done(let receipt): try format.print(receipt)
        case .alreadyDone(let receipt): try format.print(AlreadyDone(receipt: receipt))
        case .declined: throw Declined()
        }
    }
}
