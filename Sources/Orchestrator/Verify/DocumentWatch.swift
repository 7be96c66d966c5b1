import EventSourcing

/// Reads what differs again until it matches, or stays as it is although nothing is left to replicate or project.
struct DocumentWatch: Sendable {
    let comparison: ReadModelComparison
    /// Brings both sides up to date with what was committed before.
    let settle: @Sendable () async throws -> Void
    /// How documents that differ came to be, one for each.
    let evidence: @Sendable ([(key: String, value: Suspect)]) async throws -> [ParityReport.Evidence]

    /// How long what differs is read again before it counts.
    private static let patience: Duration = .seconds(30)
    /// A difference that doesn't change for this long, with nothing left to replicate, is one.
    private static let stability: Duration = .seconds(3)
    /// How often a document that may change is read, and for how long before the watch looks at what stayed.
    private static let interval: Duration = .milliseconds(30)
    private static let burst: Duration = .milliseconds(700)

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
        result.evidence = try await evidence(differing)
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

    /// A document that differs.
    struct Suspect: Sendable {
        var sighting: ReadModelComparison.Sighting
        var differences: [ParityReport.Difference]
    }

    private struct Outcome {
        var stable: [String: Suspect] = [:]
        var moving: Set<String> = []
    }

    /// What is watched of a document.
    private struct Open {
        var sighting: ReadModelComparison.Sighting
        var since: ContinuousClock.Instant
        var history = DocumentHistory()
    }

    private func watch(_ ids: [String]) async throws -> Outcome {
        var outcome = Outcome()
        var open: [String: Open] = [:]
        try await settle()
        try await look(at: ids, &open)
        // How long it took to bring both sides up to date takes nothing from it.
        let end = ContinuousClock.now + Self.patience
        while !open.isEmpty {
            if ContinuousClock.now > end {
                outcome.moving.formUnion(open.keys)
                break
            }
            // Right after both sides were brought up to date is when a document that many streams touch can match.
            async let settled: Void = settle()
            let until = ContinuousClock.now + Self.burst
            repeat {
                try await Task.sleep(for: Self.interval)
                try await look(at: Array(open.keys), &open)
            } while !open.isEmpty && ContinuousClock.now < until
            try await settled
            let still = open.filter { ContinuousClock.now - $0.value.since > Self.stability }
            guard !still.isEmpty else { continue }
            // What there was to replicate and project of them is done after this; what is unchanged by it differs for good.
            try await settle()
            try await look(at: Array(still.keys), &open)
            for (id, before) in still {
                guard let now = open[id], now.sighting == before.sighting else { continue }
                outcome.stable[id] = Suspect(
                    sighting: now.sighting,
                    differences: comparison.diff.differences(id, live: now.sighting.expected, candidate: now.sighting.candidate))
                open[id] = nil
            }
        }
        return outcome
    }

    /// Reads documents again, and takes those that match out of `open`.
    private func look(at ids: [String], _ open: inout [String: Open]) async throws {
        for (id, sighting) in try await comparison.sight(ids) {
            var watched = open[id] ?? Open(sighting: sighting, since: .now)
            if watched.history.matches(sighting, by: comparison.diff) {
                open[id] = nil
                continue
            }
            if watched.sighting != sighting { watched.since = .now }
            watched.sighting = sighting
            open[id] = watched
        }
    }
}
