import EventStore

/// Brings both sides' projections up to date with what the tail carries, without looking at any other stream.
struct TailSettling: Sendable {
    let view: StackView
    let live: ReleaseRecord
    let candidate: ReleaseRecord
    let readModels: Set<String>
    let journal: TouchedJournal
    /// Entries that are none of this comparison's business.
    let known: Set<TouchedJournal.Entry>

    struct Found: Sendable {
        var entries: [TouchedJournal.Entry]
        var documents: [String: Set<String>]
        var stopped: [String: String]
        /// To ask the projections, once everything was replicated.
        var seconds: Double
    }

    /// When it returns, what was committed before the call is in the documents of both sides.
    func run() async throws -> Found {
        if candidate.counterpart == live.release, try await view.ledger.heads().contains(where: { $0.outbox == candidate.release }) {
            try await Sweeper(cloud: view.cloud, function: candidate.names.function("replicator")).sweep(view.shards.all)
        }
        let since = ContinuousClock.now
        let entries = (try await journal.entries() ?? []).filter { !known.contains($0) }
        let found = try await TouchedDocuments(cloud: view.cloud, live: live, candidate: candidate).find(entries, in: readModels)
        return Found(
            entries: entries, documents: found.documents, stopped: found.stopped, seconds: (ContinuousClock.now - since) / .seconds(1))
    }
}

extension Verifier.Recheck {
    /// Something that doesn't tell of its documents.
    mutating func stop(_ what: String, _ reason: String) {
        var model = ParityReport.ReadModel.inconclusive("(touched since)", "\(what): \(reason)")
        model.expectation = "not compared"
        readModels.append(model)
    }
}
