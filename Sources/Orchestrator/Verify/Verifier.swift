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
        // What was carried before is in the documents from here on.
        if !covered.isEmpty { try await Settling(view, live, candidate).run() }
        var models: [ParityReport.ReadModel] = []
        var total = 0
        for model in candidate.manifest.readModels {
            let (result, count) = try await compare(model.name)
            models.append(result)
            total += count
        }
        let kept = Set(candidate.manifest.readModels.map(\.name))
        for name in live.manifest.readModels.map(\.name).filter({ !kept.contains($0) }).sorted() { models.append(removed(name)) }
        let again = try await recheck(after: covered)
        for index in models.indices {
            if let more = again.readModels.first(where: { $0.name == models[index].name }) { models[index].add(more) }
        }
        // What couldn't tell of its documents is no read model of the manifest.
        models += again.readModels.filter { more in !models.contains { $0.name == more.name } }
        let eventParity =
            events
            ? try await EventParityRun(
                view: view, candidate: candidate, settle: { try await Settling(view, live, candidate).run() }, sink: sink
            ).run() : nil
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
        var covered: [TouchedJournal.Entry] = []
        /// Those of which nothing is left to look at.
        var settled: [TouchedJournal.Entry] = []
        /// To ask for the documents and to read them once: what it takes where nothing moves.
        var seconds = 0.0

        /// What a later look can't change: without documents that merely kept changing.
        var definite: Recheck {
            var definite = self
            definite.readModels.removeAll { !$0.undecided.isEmpty && $0.differing == 0 }
            return definite
        }

        var documents: Int { readModels.reduce(0) { $0 + $1.documents + $1.undecided.count } }
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
            let look = ContinuousClock.now
            let open = try await check.comparison.moving(documents.sorted())
            result.seconds += (ContinuousClock.now - look) / .seconds(1)
            var model = try await DocumentWatch(
                comparison: check.comparison, settle: { try await tail.run() }, evidence: { try await evidence.gather($0) },
                patience: patience
            ).again(open)
            model.documents += documents.count - open.count
            result.readModels.append(model)
        }
        for (stream, reason) in found.touched.stopped.sorted(by: { $0.key < $1.key }).prefix(1) { result.stop(stream, reason) }
        result.covered = found.entries
        result.settled = found.settled(by: result)
        return result
    }

    /// Compares what the tail touched and what is in the journal still, while nothing is committed: what differs at two looks, differs.
    ///
    /// `seen` gets what is known so far, after each read model.
    func recheckSealed(_ seen: @Sendable (Recheck) -> Void = { _ in }) async throws -> Recheck {
        var result = Recheck()
        var open = try await journal.entries() ?? []
        // The items of one transaction may show one after the other: the last one's entry may be a moment behind its totals.
        if open.isEmpty { open = try await journal.entries() ?? [] }
        while !open.isEmpty {
            let known = Set(result.covered + open)
            open = try await compareSealed(open, &result, seen).filter { !known.contains($0) }
        }
        return result
    }

    /// Returns what is in the journal afterwards: the items of one transaction may show one after the other.
    private func compareSealed(
        _ entries: [TouchedJournal.Entry], _ result: inout Recheck, _ seen: @Sendable (Recheck) -> Void
    ) async throws -> [TouchedJournal.Entry] {
        let found = try await TouchedDocuments(cloud: view.cloud, live: live, candidate: candidate).find(entries, in: comparedModels)
        let journal = journal
        async let later = journal.entries()
        result.covered += entries
        for name in comparedModels.sorted() {
            let documents = found.documents(in: name)
            guard !documents.isEmpty, var check = try await comparison(of: name) else { continue }
            // At rest nobody asks for positions.
            check.comparison.candidateEvents = nil
            var model = ParityReport.ReadModel.matched(name, documents: documents.count)
            for (id, suspect) in try await check.comparison.differing(documents.sorted(), clock: view.cloud.dynamo.clock) {
                model.verdict = .mismatched
                model.differing += 1
                model.differences += suspect.differences
                model.evidence.append(
                    .init(document: id, live: suspect.sighting.livePosition, candidate: suspect.sighting.candidatePosition, events: []))
            }
            result.readModels.append(model)
            seen(result)
        }
        for (stream, reason) in found.stopped.sorted(by: { $0.key < $1.key }).prefix(1) { result.stop(stream, reason) }
        return try await later ?? []
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

    private func compare(_ name: String) async throws -> (ParityReport.ReadModel, total: Int) {
        let isNew = !live.manifest.readModels.contains { $0.name == name }
        switch candidate.manifest.parityCheck(of: name) {
        case .new where isNew: return (.unchecked(name, "new in \(candidate.release)"), 0)
        case .unchecked(let reason): return (.unchecked(name, reason), 0)
        case .exact where isNew, .mapped where isNew, .removed:
            return (.inconclusive(name, "\(live.release) has no such read model: declare it `.new` in the manifest"), 0)
        case .new, .exact, .mapped: break
        }
        guard let (comparison, expectation) = try await comparison(of: name) else { return (.unchecked(name, "not compared"), 0) }
        let events = try await view.ledger.heads().reduce(0) { $0 + $1.totals.events }
        let evidence = evidence(of: name)
        var (result, total) = try await DocumentWatch(
            comparison: comparison, settle: { try await Settling(view, live, candidate).run() }, evidence: { try await evidence.gather($0) }
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

    /// A read model that only the live release has.
    private func removed(_ name: String) -> ParityReport.ReadModel {
        switch candidate.manifest.parity.first(where: { $0.readModel == name })?.check {
        case .removed: .unchecked(name, "removed in \(candidate.release)")
        default: .inconclusive(name, "\(candidate.release) has no such read model: declare it `.removed` in the manifest")
        }
    }
}

/// Brings the candidate's events and both sides' projections up to date with what was committed before.
struct Settling: Sendable {
    private let view: StackView
    private let live: ReleaseRecord
    private let candidate: ReleaseRecord

    init(_ view: StackView, _ live: ReleaseRecord, _ candidate: ReleaseRecord) {
        self.view = view
        self.live = live
        self.candidate = candidate
    }

    /// Carries what is waiting into the candidate.
    func replicate() async throws {
        if candidate.counterpart == live.release, try await view.ledger.heads().contains(where: { $0.outbox == candidate.release }) {
            try await Sweeper(cloud: view.cloud, function: candidate.names.function("replicator")).sweep(view.shards.all)
        }
    }

    func run() async throws {
        try await replicate()
        for record in [live, candidate] {
            let consumers = try await record.projectorConsumers(in: view.cloud)
            _ = try await StreamAudit(cloud: view.cloud, names: record.names, consumers: consumers).hintLate()
        }
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
