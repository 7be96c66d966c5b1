import EventSourcing

/// Reads what differs again until it matches, or stays as it is although nothing is left to replicate or project.
struct DocumentWatch: Sendable {
    let comparison: ReadModelComparison
    /// Brings both sides up to date with what was committed before.
    let settle: @Sendable () async throws -> Void
    /// How documents that differ came to be, one for each.
    let evidence: @Sendable ([(key: String, value: Suspect)]) async throws -> [ParityReport.Evidence]
    /// What streams hold back that the last settling couldn't bring up to date.
    var heldBack: @Sendable () async throws -> HeldBack = { HeldBack() }

    /// How long what differs is read again before nobody can tell; at least as long as it takes to see that it doesn't change.
    var patience: Duration = .seconds(30)
    /// Documents watched at a time, to bound the memory.
    var watched = 5_000
    /// Where they are large fewer are, by the bytes of both sides; what they were before may take twice as much again.
    var watchedBytes = 64_000_000
    /// Where so many differ for good the verdict stands, and those that weren't watched yet are counted only.
    var enough = 5_000
    /// The same where what is told of them has so many bytes.
    var enoughBytes = 64_000_000
    /// A difference that doesn't change for this long, with nothing left to replicate, is one.
    private static let stability: Duration = .seconds(3)
    /// How often a document that may change is read, and for how long before the watch looks at what stayed.
    private static let interval: Duration = .milliseconds(30)
    private static let burst: Duration = .milliseconds(700)

    /// Documents read again at a time, to see which of them have to be watched.
    private static let page = 1_000

    /// Compares some documents, whatever they were: each until it was equal at one position, or differs for good. Both sides were brought up to date
    /// a moment ago.
    func again(_ ids: some Sequence<String>) async throws -> ParityReport.ReadModel {
        let ids = ids.sorted()
        var result = ParityReport.ReadModel.matched(comparison.name, documents: ids.count)
        try await judge(ids, &result)
        return result
    }

    /// `events`: how many there are. Returns the documents that either side has, too; `nil` where it isn't known how many there should be.
    func run(events: Int) async throws -> (ParityReport.ReadModel, total: Int?) {
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
            return (result, nil)
        }
        guard !look.suspects.isEmpty else { return (result, look.total) }
        // Most of what differed while it was on its way doesn't any more after this.
        try await settle()
        try await judge(look.suspects, &result)
        return (result, look.total)
    }

    /// Watches in parts what isn't equal at one position by now, and adds what came of it.
    private func judge(_ ids: [String], _ result: inout ParityReport.ReadModel) async throws {
        let size = min(Self.page, watched)
        var left = ids.count
        var waiting: [ReadModelComparison.Moving] = []
        for some in ids.chunks(of: size) {
            waiting += try await comparison.weighed(some)
            left -= some.count
            while let part = nextPart(of: waiting, isLast: left == 0, page: size) {
                waiting.removeFirst(part.count)
                var outcome = try await watch(part)
                if !outcome.stable.isEmpty { outcome.hold(by: try await heldBack()) }
                try await result.add(outcome, evidence)
                let rest = left + waiting.count
                if rest > 0, result.differing >= enough || result.footprint >= enoughBytes { return result.leaveOut(rest) }
            }
        }
    }

    /// As many of what waits as are watched at a time; `nil` where another page of them may fit, or none waits.
    private func nextPart(of waiting: [ReadModelComparison.Moving], isLast: Bool, page: Int) -> [String]? {
        var (count, bytes) = (0, 0)
        for document in waiting {
            bytes += document.footprint
            // One is watched, however large it is.
            guard count == 0 || (count < watched && bytes <= watchedBytes) else { break }
            count += 1
        }
        let isFull = count < waiting.count || count + page > watched
        guard count > 0, isLast || isFull else { return nil }
        return waiting.prefix(count).map(\.id)
    }

    /// A document that differs. Of the sighting only the positions are kept: what differs is told.
    struct Suspect: Sendable {
        var sighting: ReadModelComparison.Sighting
        var differences: [ParityReport.Difference]
    }

    fileprivate struct Outcome {
        var stable: [String: Suspect] = [:]
        var moving: Set<String> = []
        /// Of what stayed different, what stopped streams hold back.
        var held: [String] = []
        var stopped = StoppedStreams()

        mutating func hold(by holding: HeldBack) {
            held = stable.filter { holding.contains($0.key, $0.value.sighting) }.map(\.key)
            stopped = holding.stopped
            for id in held { stable[id] = nil }
        }
    }

    /// What is watched of a document.
    private struct Open {
        var sighting: ReadModelComparison.Sighting
        var since: ContinuousClock.Instant
        var history = DocumentHistory()
        /// Whether no look of this round saw a document on either side.
        var isAbsent: Bool

        /// As a round begins.
        var anew: Open {
            var open = self
            open.isAbsent = sighting.isAbsent
            return open
        }

        func isEqual(by diff: DocumentDiff) -> Bool {
            diff.differences("", live: sighting.expected, candidate: sighting.candidate).isEmpty
        }
    }

    private func watch(_ ids: [String]) async throws -> Outcome {
        var outcome = Outcome()
        var open: [String: Open] = [:]
        try await look(at: ids, &open)
        // Counted from here, and looked at after a round only: however slow the store is, a document that never changes is judged.
        let end = ContinuousClock.now + max(patience, Self.stability)
        while !open.isEmpty {
            open = open.mapValues(\.anew)
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
            for (id, was) in before where was.isEqual(by: comparison.diff) {
                // Equal, and at rest: what was committed before has reached both sides, and changed neither. What a mapping drops is none that
                // the candidate has, whatever becomes of the live one.
                if let now = open[id], now.sighting == was.sighting || now.isAbsent { open[id] = nil }
            }
            let rounded = ContinuousClock.now
            let still = open.filter { rounded - $0.value.since > Self.stability }
            if !still.isEmpty {
                // What there was to replicate and project of them is done after this; what is unchanged by it differs for good.
                try await settle()
                try await look(at: Array(still.keys), &open)
            }
            for (id, before) in still {
                guard let now = open[id], now.sighting == before.sighting, !now.isEqual(by: comparison.diff) else { continue }
                outcome.stable[id] = Suspect(
                    sighting: now.sighting.positions,
                    differences: comparison.diff.differences(id, live: now.sighting.expected, candidate: now.sighting.candidate))
                open[id] = nil
            }
            if rounded > end {
                outcome.moving.formUnion(open.keys)
                break
            }
        }
        return outcome
    }

    /// Reads documents again, and takes those that match out of `open`.
    private func look(at ids: [String], _ open: inout [String: Open]) async throws {
        let room = watchedBytes / max(1, ids.count, open.count)
        for (id, sighting) in try await comparison.sight(ids) {
            var watched = open[id] ?? Open(sighting: sighting, since: .now, isAbsent: true)
            watched.isAbsent = watched.isAbsent && sighting.isAbsent
            if watched.history.matches(sighting, by: comparison.diff, room: room) {
                open[id] = nil
                continue
            }
            if watched.sighting != sighting {
                watched.since = .now
                watched.sighting = sighting
            }
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
        guard !outcome.stable.isEmpty || !outcome.moving.isEmpty || !outcome.held.isEmpty else { return }
        let differing = outcome.stable.sorted { $0.key < $1.key }
        var more = Self.matched(name, documents: 0)
        more.differing = differing.count
        more.differences = differing.flatMap(\.value.differences)
        if !differing.isEmpty { more.evidence = try await evidence(differing) }
        more.undecided = outcome.moving.sorted()
        if !outcome.held.isEmpty { more.stopped = outcome.stopped.holding(outcome.held) }
        add(more)
    }

    /// Documents that nobody looks at again are none that were compared.
    fileprivate mutating func leaveOut(_ count: Int) {
        leftOut = (leftOut ?? 0) + count
        documents = max(0, documents - count)
        reason = gaps ?? reason
    }

    /// What should have been compared and wasn't.
    private var gaps: String? {
        var reasons: [String] = []
        if let example = undecided.first {
            reasons.append("\(undecided.count) documents kept changing and could not be brought to one position, e.g. '\(example)'")
        }
        if let stopped, let example = stopped.documents.first {
            reasons.append(
                "\(stopped.documents.count) documents could not be brought to one position, e.g. '\(example)', "
                    + "because streams are stopped: \(stopped.summary)")
        }
        if let leftOut { reasons.append("\(leftOut) more that differed at first sight were not looked at again: the verdict stands") }
        return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
    }

    /// Without the documents that merely kept changing, where nothing differs.
    mutating func forgetMoving() {
        guard !undecided.isEmpty, differing == 0 else { return }
        undecided = []
        verdict = stopped == nil ? .matched : .inconclusive
        reason = gaps
    }

    /// Adds what another look at some of the same documents found.
    /// - Parameter looked: these documents. What was open of them isn't any more, unless the other look left it open, too.
    mutating func add(_ other: ParityReport.ReadModel, looked: Set<String> = []) {
        if reason == gaps { reason = nil }
        let wasOpen = takeBack(looked.subtracting(other.undecided).subtracting(other.stopped?.documents ?? []))
        let known = Set(differences.map(\.document))
        let found = other.differences.filter { !known.contains($0.document) }
        differences = (differences + found).sorted { ($0.document, $0.field) < ($1.document, $1.field) }
        differing += Set(found.map(\.document)).count
        evidence = (evidence + other.evidence.filter { !known.contains($0.document) }).sorted { $0.document < $1.document }
        let told = Set(differences.map(\.document)).union(undecided).union(stopped?.documents ?? [])
        let moving = Set(other.undecided).subtracting(told)
        undecided = (undecided + moving).sorted()
        let held = Set(other.stopped?.documents ?? []).subtracting(told)
        if var more = other.stopped, !held.isEmpty {
            more.documents = held.sorted()
            stopped?.add(more)
            if stopped == nil { stopped = more }
        }
        // Some may be left out on both sides: rather counted twice than not at all.
        if let more = other.leftOut { leftOut = (leftOut ?? 0) + more }
        documents = max(0, documents - moving.count - held.count - (other.leftOut ?? 0))
        if differing > 0 {
            verdict = .mismatched
        } else if !undecided.isEmpty || stopped != nil || (other.verdict == .inconclusive && !other.unchecked) {
            verdict = .inconclusive
        } else if wasOpen {
            verdict = .matched
        }
        reason = gaps ?? reason ?? other.reason
    }

    /// What is decided by now counts as compared. Returns whether any of it was open.
    private mutating func takeBack(_ decided: Set<String>) -> Bool {
        let open = undecided.count + (stopped?.documents.count ?? 0)
        undecided.removeAll { decided.contains($0) }
        stopped?.documents.removeAll { decided.contains($0) }
        if stopped?.documents.isEmpty == true { stopped = nil }
        let back = open - undecided.count - (stopped?.documents.count ?? 0)
        documents += back
        return back > 0
    }
}

extension ReadModelComparison.Sighting {
    /// Whether neither side has a document, as expected.
    fileprivate var isAbsent: Bool { expected == nil && candidate == nil }
}
