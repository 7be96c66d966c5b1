import AWS
import EventSourcing
import EventStore
import Foundation
import StackDescription

/// Compares a candidate with the live release while both work.
public struct Verifier: Sendable {
    let view: StackView
    let live: ReleaseRecord
    let candidate: ReleaseRecord
    let sink: ProgressSink

    public init(view: StackView, live: ReleaseRecord, candidate: ReleaseRecord, sink: @escaping ProgressSink) {
        self.view = view
        self.live = live
        self.candidate = candidate
        self.sink = sink
    }

    /// What a comparison found, and what of the journal it covers: nothing that was carried before these entries is open any more.
    struct Outcome: Sendable {
        var report: ParityReport
        var covered: TouchedJournal.Keys
    }

    /// Compares everything. `events`: the events too, not only what the projections made of them.
    ///
    /// A document that nothing touches meanwhile is read at rest. What the tail touches is compared once more, until it was equal at one position.
    func compare(events: Bool = false) async throws -> Outcome {
        // Their keys alone: everything is compared, whatever they tell.
        var covered = try await journal.keys()
        let settling = Settling(view, live, candidate)
        // What was carried before is in the documents from here on.
        if !covered.isEmpty { try await settling.run() }
        var models: [ParityReport.ReadModel] = []
        var total: Int? = 0
        func take(_ model: ParityReport.ReadModel, _ count: Int?) {
            models.append(model)
            total = total.flatMap { sum in count.map { sum + $0 } }
        }
        for model in candidate.manifest.readModels {
            let (result, count) = try await compare(model.name, settling)
            take(result, count)
        }
        let kept = Set(candidate.manifest.readModels.map(\.name))
        for name in live.manifest.readModels.map(\.name).filter({ !kept.contains($0) }).sorted() {
            let (result, count) = try await removed(name)
            take(result, count)
        }
        let again = try await recheck(after: covered)
        for index in models.indices {
            let name = models[index].name
            if let more = again.readModels.first(where: { $0.name == name }) { models[index].add(more, looked: again.looked[name] ?? []) }
        }
        // What couldn't tell of its documents is no read model of the manifest.
        let others = again.readModels.filter { more in !models.contains { $0.name == more.name } }
        models += others
        let eventParity =
            events
            ? try await EventParityRun(
                view: view, candidate: candidate, settle: { try await settling.run() }, sink: sink
            ).run() : nil
        let stopped = await settling.stopped
        if !stopped.isEmpty { sink(.note("streams are stopped: \(stopped.summary)")) }
        let report = ParityReport(
            stack: view.stack, live: live.release, candidate: candidate.release, readModels: models, total: total, events: eventParity,
            at: Timestamp.format(Date()))
        try covered.formUnion(again.covered)
        return Outcome(report: report, covered: covered)
    }

    var journal: TouchedJournal {
        TouchedJournal(dynamo: view.cloud.dynamo, names: view.names, release: candidate.release)
    }

    /// What came of comparing again what the tail touched.
    struct Recheck: Sendable {
        var readModels: [ParityReport.ReadModel] = []
        /// The documents that were looked at, by read model.
        var looked: [String: Set<String>] = [:]
        var covered: [TouchedJournal.Entry] = []
        /// Those of which nothing is left to look at.
        var settled: [TouchedJournal.Entry] = []
        /// To ask for the documents and to read them once: what it takes where nothing moves.
        var seconds = 0.0

        /// What a later look can't change: without documents that merely kept changing.
        var definite: Recheck {
            var definite = self
            for index in readModels.indices where readModels[index].differing == 0 {
                definite.looked[readModels[index].name]?.subtract(readModels[index].undecided)
                definite.readModels[index].forgetMoving()
            }
            return definite
        }

        var documents: Int {
            readModels.reduce(0) { $0 + $1.documents + $1.undecided.count + ($1.stopped?.documents.count ?? 0) }
        }
        var verdict: ParityReport.Verdict { readModels.map(\.verdict).worst }
    }

    /// Compares again what the tail touched, apart from `known` entries of the journal, while both releases work.
    func recheck(after known: TouchedJournal.Keys = .init(), patience: Duration = .seconds(30)) async throws -> Recheck {
        let tail = TailSettling(view: view, live: live, candidate: candidate, readModels: comparedModels, journal: journal, before: known)
        let found = try await tail.run()
        var result = Recheck(seconds: found.seconds)
        for name in comparedModels.sorted() {
            let documents = found.touched.documents(in: name)
            guard !documents.isEmpty, let check = try await comparison(of: name) else { continue }
            let evidence = evidence(of: name)
            let search = heldBack(in: name)
            let look = ContinuousClock.now
            let open = try await check.comparison.moving(documents.sorted())
            result.seconds += (ContinuousClock.now - look) / .seconds(1)
            var model = try await DocumentWatch(
                comparison: check.comparison, settle: { try await tail.run() }, evidence: { try await evidence.gather($0) },
                heldBack: { try await search.find(await tail.stopped) }, patience: patience
            ).again(open)
            model.documents += documents.count - open.count
            result.readModels.append(model)
            result.looked[name] = documents
        }
        var touched = found.touched
        touched.stopped = await tail.stopped
        if let unknown = touched.unknown { result.stop(unknown) }
        result.covered = found.entries
        result.settled = found.settled(by: result)
        return result
    }

    /// Compares what the tail touched and what is in the journal still, while nothing is committed: what differs at two looks, differs.
    ///
    /// `refusal` gets how many of the tail's transactions there are, and tells why they are too many to begin with; `seen` gets what is known
    /// so far, after each read model. `held`: documents that were known to be held back, by read model.
    func recheckSealed(
        held: [String: Set<String>] = [:], _ refusal: (Int) -> String? = { _ in nil }, seen: @Sendable (Recheck) -> Void = { _ in }
    ) async throws -> Recheck {
        var result = Recheck()
        var open = try await journal.entries() ?? []
        // The items of one transaction may show one after the other: the last one's entry may be a moment behind its totals.
        if open.isEmpty { open = try await journal.entries() ?? [] }
        if let reason = refusal(open.count) {
            result.stop("what was touched last", reason)
            return result
        }
        while !open.isEmpty {
            let known = Set(result.covered + open)
            open = try await compareSealed(open, held, &result, seen).filter { !known.contains($0) }
        }
        return result
    }

    /// Returns what is in the journal afterwards: the items of one transaction may show one after the other.
    private func compareSealed(
        _ entries: [TouchedJournal.Entry], _ held: [String: Set<String>], _ result: inout Recheck, _ seen: @Sendable (Recheck) -> Void
    ) async throws -> [TouchedJournal.Entry] {
        // What reads the documents doesn't depend on which they are.
        async let known = restingComparisons()
        let found = try await TouchedDocuments(cloud: view.cloud, live: live, candidate: candidate).find(entries, in: comparedModels)
        let looks = await known.map { (documents: found.documents(in: $0.name), comparison: $0) }.filter { !$0.documents.isEmpty }
        let journal = journal
        async let later = journal.entries()
        result.covered += entries
        try await look(looks) { name, documents, differing in
            take(differing, of: documents, in: name, found, held, &result)
            seen(result)
        }
        if let unknown = found.unknown { result.stop(unknown) }
        return try await later ?? []
    }

    private typealias RestingComparison = (name: String, comparison: Result<ReadModelComparison, any Error>)
    private typealias Differing = [(key: String, value: DocumentWatch.Suspect)]

    /// How each read model is compared while nothing moves: nobody asks for positions.
    private func restingComparisons() async -> [RestingComparison] {
        await withTaskGroup(of: RestingComparison?.self) { group in
            for name in comparedModels {
                group.addTask {
                    do {
                        guard var comparison = try await comparison(of: name)?.comparison else { return nil }
                        comparison.candidateEvents = nil
                        return (name, .success(comparison))
                    } catch {
                        return (name, .failure(error))
                    }
                }
            }
            return await group.reduce(into: []) { if let one = $1 { $0.append(one) } }
        }
    }

    /// Read models whose documents are in memory at once.
    private static let looksAtOnce = 4

    /// What differs of each read model's documents. One that can't be read takes nothing from what the others show: its error is thrown at the end.
    private func look(
        _ looks: [(documents: Set<String>, comparison: RestingComparison)], _ take: (String, Set<String>, Differing) -> Void
    ) async throws {
        let clock = view.cloud.dynamo.clock
        var failure: (any Error)?
        await withTaskGroup(of: (String, Set<String>, Result<Differing, any Error>).self) { group in
            var waiting = looks.sorted { $0.comparison.name < $1.comparison.name }.makeIterator()
            func startNext() {
                guard let (documents, (name, comparison)) = waiting.next() else { return }
                group.addTask {
                    do {
                        let differing = try await comparison.get().differing(documents.sorted(), clock: clock)
                        return (name, documents, .success(differing))
                    } catch {
                        return (name, documents, .failure(error))
                    }
                }
            }
            for _ in 0..<Self.looksAtOnce { startNext() }
            while let (name, documents, differing) = await group.next() {
                switch differing {
                case .success(let differing): take(name, documents, differing)
                case .failure(let error): failure = failure ?? error
                }
                startNext()
            }
        }
        if let failure { throw failure }
    }

    /// Adds to the result what differs of a read model's `documents`.
    private func take(
        _ differing: [(key: String, value: DocumentWatch.Suspect)], of documents: Set<String>, in name: String,
        _ found: TouchedDocuments.Found, _ held: [String: Set<String>], _ result: inout Recheck
    ) {
        let holding = found.heldBack(by: found.stopped, in: name)
        var model = ParityReport.ReadModel.matched(name, documents: documents.count)
        var more = ParityReport.ReadModel.matched(name, documents: 0)
        var kept: [String] = []
        for (id, suspect) in differing {
            if held[name]?.contains(id) == true || holding.contains(id, suspect.sighting) {
                kept.append(id)
                continue
            }
            more.differing += 1
            more.differences += suspect.differences
            more.evidence.append(
                .init(document: id, live: suspect.sighting.livePosition, candidate: suspect.sighting.candidatePosition, events: []))
        }
        if !kept.isEmpty { more.stopped = holding.stopped.holding(kept) }
        model.add(more)
        result.readModels.append(model)
        result.looked[name, default: []].formUnion(documents)
    }

    /// What stopped streams hold back of a read model.
    private func heldBack(in name: String) -> HeldBackSearch {
        HeldBackSearch(TouchedDocuments(cloud: view.cloud, live: live, candidate: candidate), readModel: name)
    }

    /// The read models that both sides have and the manifest wants compared.
    private var comparedModels: Set<String> {
        let both = Set(live.manifest.readModels.map(\.name)).intersection(candidate.manifest.readModels.map(\.name))
        return both.filter { name in
            switch candidate.manifest.parityCheck(of: name) {
            case .unchecked, .removed: false
            case .exact, .mapped, .new: true
            }
        }
    }

    /// Returns how many documents there are to compare, too; `nil` where that isn't known.
    private func compare(_ name: String, _ settling: Settling) async throws -> (ParityReport.ReadModel, total: Int?) {
        let isNew = !live.manifest.readModels.contains { $0.name == name }
        switch candidate.manifest.parityCheck(of: name) {
        case .new where isNew: return (.unchecked(name, "new in \(candidate.release)"), 0)
        case .unchecked(let reason): return (.unchecked(name, reason), 0)
        case .exact where isNew, .mapped where isNew, .removed:
            // As many as nobody compares.
            let count = try await source(of: name, in: candidate).count()
            return (.inconclusive(name, "\(live.release) has no such read model: declare it `.new` in the manifest"), count)
        case .new, .exact, .mapped: break
        }
        guard let (comparison, expectation) = try await comparison(of: name) else { return (.unchecked(name, "not compared"), 0) }
        let events = try await view.ledger.heads().reduce(0) { $0 + $1.totals.events }
        let evidence = evidence(of: name)
        let search = heldBack(in: name)
        var (result, total) = try await DocumentWatch(
            comparison: comparison, settle: { try await settling.run() }, evidence: { try await evidence.gather($0) },
            heldBack: { try await search.find(await settling.stopped) }
        ).run(events: events)
        result.expectation = expectation
        return (result, total)
    }

    private func evidence(of name: String) -> DocumentEvidence {
        DocumentEvidence(cloud: view.cloud, projector: Blueprint(candidate).projectors.first { $0.readModel == name }?.function)
    }

    /// How a read model is compared, and how a person is told; `nil` where it isn't.
    private func comparison(of name: String) async throws -> (comparison: ReadModelComparison, expectation: String)? {
        let check = candidate.manifest.parityCheck(of: name)
        let leniency: ParityExpectation.Leniency
        var mapping: ReadModelComparison.Mapping?
        var expectation = check.text
        switch check {
        case .unchecked, .removed: return nil
        case .new:
            leniency = .init()
            expectation = "exact (no longer new: \(live.release) has it)"
        case .exact: leniency = check.leniency ?? .init()
        case .mapped(let name, _, _, _):
            leniency = check.leniency ?? .init()
            let call = MappingCall(cloud: view.cloud, function: candidate.names.function(PartName.mapping(name)))
            mapping = { try await call.expected($0) }
        }
        async let ours = source(of: name, in: live)
        async let theirs = source(of: name, in: candidate)
        let comparison = ReadModelComparison(
            name: name, live: try await ours, candidate: try await theirs,
            diff: DocumentDiff(leniency), mapping: mapping,
            candidateEvents: EventSources(dynamo: view.cloud.dynamo, table: candidate.names.events), sink: sink)
        return (comparison, expectation)
    }

    /// Of a table, the one that serves: a rebuild makes another.
    private func source(of name: String, in record: ReleaseRecord) async throws -> any DocumentSource {
        if record.manifest.readModels.contains(where: { $0.name == name && $0.isIndex }) {
            return IndexDocuments(openSearch: try view.cloud.openSearch(of: record.manifest), index: record.names.readModel(name))
        }
        let dynamo = view.cloud.dynamo
        return TableDocuments(
            dynamo: dynamo, table: record.names.table(try await ReadModelState.read(dynamo, record.names, name).servingGeneration))
    }

    /// A read model that only the live release has, and how many documents nobody compares of it.
    private func removed(_ name: String) async throws -> (ParityReport.ReadModel, total: Int?) {
        if case .removed = candidate.manifest.parity.first(where: { $0.readModel == name })?.check {
            return (.unchecked(name, "removed in \(candidate.release)"), 0)
        }
        let count = try await source(of: name, in: live).count()
        return (.inconclusive(name, "\(candidate.release) has no such read model: declare it `.removed` in the manifest"), count)
    }
}

extension ParityReport.ReadModel {
    static func unchecked(_ name: String, _ reason: String) -> Self {
        Self(
            name: name, documents: 0, verdict: .inconclusive, differences: [], differing: 0, reason: reason, unchecked: true,
            expectation: "not compared")
    }

    /// Nothing differs so far.
    static func matched(_ name: String, documents: Int) -> Self {
        Self(name: name, documents: documents, verdict: .matched, differences: [], differing: 0, reason: nil, unchecked: false)
    }

    static func inconclusive(_ name: String, _ reason: String) -> Self {
        Self(name: name, documents: 0, verdict: .inconclusive, differences: [], differing: 0, reason: reason, unchecked: false)
    }
}

extension ParityExpectation.Check {
    /// `exact, ignoring updatedAt, total within 0.01, lines in any order`
    var text: String {
        guard let leniency else { return "not compared" }
        return (mapping.map { "mapped by \($0)" } ?? "exact") + leniency.text
    }
}

extension ParityExpectation.Leniency {
    fileprivate var text: String {
        var parts: [String] = []
        if !ignoring.isEmpty { parts.append("ignoring \(ignoring.joined(separator: ", "))") }
        parts += within.sorted { $0.key < $1.key }.map { "\($0.key) within \($0.value)" }
        if !unordered.isEmpty { parts.append("\(unordered.joined(separator: ", ")) in any order") }
        return parts.map { ", \($0)" }.joined()
    }
}
