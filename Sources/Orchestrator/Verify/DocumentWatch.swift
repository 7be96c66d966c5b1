import EventSourcing

/// Reads what differs again until it matches, or stays as it is although nothing is left to replicate or project.
struct DocumentWatch: Sendable {
    let comparison: ReadModelComparison
    /// Brings both sides up to date with what was committed before.
    let settle: @Sendable () async throws -> Void
    let evidence: DocumentEvidence

    /// How long what differs is read again before it counts.
    private static let patience: Duration = .seconds(30)
    /// A difference that doesn't change for this long, with nothing left to replicate, is one.
    private static let stability: Duration = .seconds(3)
    /// A document that many streams touch keeps changing under traffic: right after both sides were brought up to date is when it can match.
    private static let settlePause: Duration = .milliseconds(700)

    /// `events`: how many there are. Returns the documents that either side has, too.
    func run(events: Int) async throws -> (ParityReport.ReadModel, total: Int) {
        var look = try await comparison.firstLook()
        if look.total == 0, events > 0 {
            // A stack whose first documents are on their way is no empty one.
            try await settle()
            look = try await comparison.firstLook()
        }
        var result = ParityReport.ReadModel(
            name: comparison.name, documents: look.total, verdict: .matched, differences: [], differing: 0, reason: nil, unchecked: false)
        if look.total == 0, events > 0 {
            result.verdict = .inconclusive
            result.reason = "there are \(events) events but no documents on either side: the projection did not run, or makes none"
            return (result, 0)
        }
        guard !look.suspects.isEmpty else { return (result, look.total) }
        let outcome = try await watch(look.suspects)
        let differing = outcome.stable.sorted { $0.key < $1.key }
        result.differing = differing.count
        result.differences = differing.flatMap(\.value.differences)
        result.evidence = try await evidence.gather(differing)
        result.undecided = outcome.moving.sorted()
        if !differing.isEmpty {
            result.verdict = .mismatched
        } else if !outcome.moving.isEmpty {
            result.verdict = .inconclusive
        }
        if let example = result.undecided.first {
            result.documents -= outcome.moving.count
            result.reason = "\(outcome.moving.count) documents kept changing and could not be brought to one position, e.g. '\(example)'"
        }
        return (result, look.total)
    }

    private struct Outcome {
        var stable: [String: ReadModelComparison.Suspect] = [:]
        var moving: Set<String> = []
    }

    private func watch(_ ids: [String]) async throws -> Outcome {
        try await settle()
        let start = ContinuousClock.now
        var settledAt = start
        var outcome = Outcome()
        var open = try await comparison.look(again: ids)
        var since = open.mapValues { _ in ContinuousClock.now }
        while !open.isEmpty {
            let now = ContinuousClock.now
            let settled = open.filter { now - (since[$0.key] ?? now) > Self.stability }
            if !settled.isEmpty {
                // What there was to replicate and project of them is done after this; what is unchanged by it differs for good.
                try await settle()
                settledAt = .now
                let after = try await comparison.look(again: Array(settled.keys))
                for (id, suspect) in settled where after[id] == suspect {
                    outcome.stable[id] = suspect
                    open[id] = nil
                }
            }
            if now - start > Self.patience {
                outcome.moving.formUnion(open.keys)
                break
            }
            if open.isEmpty { break }
            if ContinuousClock.now - settledAt > Self.settlePause {
                try await settle()
                settledAt = .now
            } else {
                try await Task.sleep(for: .milliseconds(200))
            }
            let fresh = try await comparison.look(again: Array(open.keys))
            for (id, suspect) in fresh where open[id] != suspect { since[id] = ContinuousClock.now }
            open = fresh
        }
        return outcome
    }
}
