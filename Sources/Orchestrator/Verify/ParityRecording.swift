import AWS
import EventSourcing
import EventStore

/// A comparison of everything is kept with the candidate, so that a cutover has to look only at what was touched since.
extension Verifier {
    /// Compares everything, and keeps what came of it unless another command is at work.
    public func runAndKeep(events: Bool = false) async throws -> ParityReport {
        let served = try await serving()
        let outcome = try await compare(events: events)
        do {
            try await StackLock.holding(view.cloud.dynamo, view.stack, doing: "verify") { lock in
                let now = try await StackView.load(view.cloud, view.stack)
                guard now.candidate == candidate, candidate.phase == .ready else {
                    return sink(.note("the candidate has changed meanwhile, or isn't ready: a cutover will not build on this comparison"))
                }
                guard try await serving() == served else {
                    return sink(.note("a rebuild let another table serve meanwhile: a cutover will not build on this comparison"))
                }
                var record = candidate
                record.parity = ParityStamp(outcome.report)
                try await keep(outcome, as: record, fence: lock.fence)
            }
        } catch is StackLocked {
            sink(.note("another command is at work: a cutover will not build on this comparison"))
        }
        return outcome.report
    }

    /// Which tables serve the read models: a rebuild may have swapped one meanwhile.
    private func serving() async throws -> [StreamConsumer] {
        try await live.projectorConsumers(in: view.cloud) + candidate.projectorConsumers(in: view.cloud)
    }

    /// Stores the record, which has the stamp, and then takes what it covers off the journal. Only this order: a journal without an entry, and an
    /// older stamp, would leave something out.
    func keep(_ outcome: Outcome, as record: ReleaseRecord, fence: Write) async throws {
        try await view.store.advance(record, fence: fence)
        if outcome.report.verdict == .matched { try await journal.remove(outcome.covered) }
    }
}
