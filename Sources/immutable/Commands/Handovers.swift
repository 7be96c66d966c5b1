import EventSourcing
import Orchestrator

extension HandoverRecord.Kind {
    /// Runs the handover: `cutover` and `rollback` differ in their direction only.
    func run(_ stack: String, waived: [String], question: Question, format: OutputFormat) async throws {
        let receipt = try await HandoverCommand(
            cloud: .connected(), stack: stack, kind: self, waived: Set(waived), sink: ProgressView.sink
        ) { intent in
            try await question.ask(intent.question, showing: intent.text(Terminal.standardError.style))
        }.run()
        guard let receipt else { throw Declined() }
        try format.print(receipt)
    }
}
