import EventSourcing

/// Reads what differs again until it matches, or stays as it is although nothing is left to replicate or project.
struct DocumentWatch: Sendable {
    let comparison: ReadModelComparison
    /// Brings both sides up to date with what was committed before.
    let settle: @Sendable () async throws -> Void
    /// How documents that differ came to be, one for each.
    let evidence: @Sendable ([(key: String, value: Suspect)]) async throws -> [ParityReport.Evidence]

    /// How long what differs is read again before nobody can tell.
    var patience: Duration = .seconds(30)
    /// A difference that doesn't change for this long, with nothing left to replicate, is one.
    private static let stability: Duration = .seconds(3)
    /// How often a document that may change is read, and for how long before the watch looks at what stayed.
    private static let interval: Duration = .milliseconds(30)
    private static let burst: Duration = .milliseconds(700)

    /// Documents watched at a time, to bound the memory.
    private static let watched = 5_000

    /// Compares some documents, whatever they were: each until it was equal at one position, or differs for good. Both sides were brought up to date
    /// a moment ago.
    func again(_ ids: some Sequence<String>) async throws -> ParityReport.ReadModel {
        let ids = ids.sorted()
        var result = ParityReport.ReadModel.matched(comparison.name, documents: ids.count)
        for some in ids.chunks(of: Self.watched) { try await result.add(try await watch(some, isSettled: true), evidence) }
        return result
    }

    /// `events`: how many there are. Returns the documents that either side has, too.
    func run(events: Int) async throws -> (ParityReport.ReadModel, total: Int) {
        var look = try await comparison.firstLook()
        if look.total == 0, events > 0 {
            // A stack whose first documents are on their way is no empty one.
            try await settle()
            look = try await comparison.firstLook()
        }
        var result = ParityReport.ReadModel.matched(comparison.name, documents: look.total)
        if look.total == 0, events > 0 {
            result.verdict = .inconclusive
            result.reason = "there are \(events) events but no documents on either side: the projection did not run, or makes none"
            return (result, 0)
        }
        guard !look.suspects.isEmpty else { return (result, look.total) }
        try await result.add(try await watch(look.suspects), evidence)
        return (result, look.total)
    }

    /// A document that differs.
    struct Suspect: Sendable {
        var sighting: ReadModelComparison.Sighting
        var differences: [ParityReport.Difference]
    }

    fileprivate struct Outcome {
        var stable: [String: Suspect] = [:]
        var moving: Set<String> = []
    }

    /// What is watched of a document.
    private struct Open {
        var sighting: ReadModelComparison.Sighting
        var since: ContinuousClock.Instant
        var history = DocumentHistory()

        func isEqual(by diff: DocumentDiff) -> Bool {
            diff.differences("", live: sighting.expected, candidate: sighting.candidate).isEmpty
        }
    }

    private func watch(_ ids: [String], isSettled: Bool = false) async throws -> Outcome {
        let end = ContinuousClock.now + patience
        var outcome = Outcome()
        var open: [String: Open] = [:]
        if !isSettled { try await settle() }
        try await look(at: ids, &open)
        while !open.isEmpty {
            if ContinuousClock.now > end {
                outcome.moving.formUnion(open.keys)
                break
            }
            let before = open
            // Right after both sides were brought up to date is when a document that many streams touch can match.
            async let settled: Void = settle()
            let until = ContinuousClock.now + Self.burst
            repeat {
                try await Task.sleep(for: Self.interval)
                try await look(at: Array(open.keys), &open)
            } while !open.isEmpty && ContinuousClock.now < until
            try await settled
            try await look(at: before.filter { $0.value.isEqual(by: comparison.diff) }.map(\.key).filter { open[$0] != nil }, &open)
            for (id, was) in before where was.isEqual(by: comparison.diff) && open[id]?.sighting == was.sighting {
                // Equal, and at rest: what was committed before has reached both sides, and changed neither.
                open[id] = nil
            }
            let still = open.filter { ContinuousClock.now - $0.value.since > Self.stability }
            guard !still.isEmpty else { continue }
            // What there was to replicate and project of them is done after this; what is unchanged by it differs for good.
            try await settle()
            try await look(at: Array(still.keys), &open)
            for (id, before) in still {
                guard let now = open[id], now.sighting == before.sighting, !now.isEqual(by: comparison.diff) else { continue }
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

extension ParityReport.ReadModel {
    /// Adds what watching some of the documents came to.
    fileprivate mutating func add(
        _ outcome: DocumentWatch.Outcome,
        _ evidence: @Sendable ([(key: String, value: DocumentWatch.Suspect)]) async throws -> [ParityReport.Evidence]
    ) async throws {
        let differing = outcome.stable.sorted { $0.key < $1.key }
        var more = self
        more.differing = differing.count
        more.differences = differing.flatMap(\.value.differences)
        more.evidence = try await evidence(differing)
        more.undecided = outcome.moving.sorted()
        if !differing.isEmpty || !outcome.moving.isEmpty { add(more) }
    }

    /// Adds what another look at some of the same documents found.
    mutating func add(_ other: ParityReport.ReadModel) {
        let known = Set(differences.map(\.document))
        let found = other.differences.filter { !known.contains($0.document) }
        differences = (differences + found).sorted { ($0.document, $0.field) < ($1.document, $1.field) }
        differing += Set(found.map(\.document)).count
        evidence = (evidence + other.evidence.filter { !known.contains($0.document) }).sorted { $0.document < $1.document }
        let moving = Set(other.undecided).subtracting(undecided).subtracting(differences.map(\.document))
        undecided = (undecided + moving).sorted()
        documents = max(0, documents - moving.count)
        if differing > 0 {
            verdict = .mismatched
        } else if !undecided.isEmpty || (other.verdict == .inconclusive && !other.unchecked) {
            verdict = .inconclusive
        }
        if let example = undecided.first {
            reason = "\(undecided.count) documents kept changing and could not be brought to one position, e.g. '\(example)'"
        } else if let why = other.reason {
            reason = reason ?? why
        }
    }
}
