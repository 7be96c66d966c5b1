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

    /// `events`: the events too, not only what the projections made of them.
    public func run(events: Bool = false) async throws -> ParityReport {
        var models: [ParityReport.ReadModel] = []
        var total = 0
        for model in candidate.manifest.readModels {
            let (result, count) = try await compare(model.name)
            models.append(result)
            total += count
        }
        let kept = Set(candidate.manifest.readModels.map(\.name))
        for name in live.manifest.readModels.map(\.name).filter({ !kept.contains($0) }).sorted() { models.append(removed(name)) }
        let eventParity =
            events
            ? try await EventParityRun(
                view: view, candidate: candidate, settle: { try await Settling(view, live, candidate).run() }, sink: sink
            ).run() : nil
        return ParityReport(
            stack: view.stack, live: live.release, candidate: candidate.release, readModels: models, total: total, events: eventParity,
            at: Timestamp.format(Date()))
    }

    private func compare(_ name: String) async throws -> (ParityReport.ReadModel, total: Int) {
        let check = candidate.manifest.parityCheck(of: name)
        let isNew = !live.manifest.readModels.contains { $0.name == name }
        switch check {
        case .new where isNew: return (.unchecked(name, "new in \(candidate.release)"), 0)
        case .unchecked(let reason): return (.unchecked(name, reason), 0)
        case .exact where isNew, .mapped where isNew, .removed:
            return (.inconclusive(name, "\(live.release) has no such read model: declare it `.new` in the manifest"), 0)
        case .new: return try await watch(name, .init(), mapping: nil, "exact (no longer new: \(live.release) has it)")
        case .exact: return try await watch(name, check.leniency ?? .init(), mapping: nil, check.text)
        case .mapped(let mapping, _, _, _):
            let function = candidate.names.function(PartName.mapping(mapping))
            let call = MappingCall(cloud: view.cloud, function: function)
            return try await watch(name, check.leniency ?? .init(), mapping: { try await call.expected($0) }, check.text)
        }
    }

    private func watch(
        _ name: String, _ leniency: ParityExpectation.Leniency, mapping: ReadModelComparison.Mapping?, _ expectation: String
    ) async throws -> (ParityReport.ReadModel, total: Int) {
        let comparison = ReadModelComparison(
            dynamo: view.cloud.dynamo, name: name, live: live.names.readModel(name), candidate: candidate.names.readModel(name),
            diff: DocumentDiff(leniency), mapping: mapping, sink: sink)
        let projector = Blueprint(candidate).projectors.first { $0.readModel == name }?.function
        let events = try await view.ledger.heads().reduce(0) { $0 + $1.totals.events }
        let evidence = DocumentEvidence(cloud: view.cloud, projector: projector)
        var (result, total) = try await DocumentWatch(
            comparison: comparison, settle: { try await Settling(view, live, candidate).run() }, evidence: { try await evidence.gather($0) }
        ).run(events: events)
        result.expectation = expectation
        return (result, total)
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

    func run() async throws {
        if candidate.counterpart == live.release, try await view.ledger.heads().contains(where: { $0.outbox == candidate.release }) {
            try await Sweeper(cloud: view.cloud, function: candidate.names.function("replicator")).sweep(view.shards.all)
        }
        for record in [live, candidate] {
            _ = try await StreamAudit(cloud: view.cloud, names: record.names, consumers: Blueprint(record).projectorConsumers).hintLate()
        }
    }
}

extension ParityReport.ReadModel {
    static func unchecked(_ name: String, _ reason: String) -> Self {
        Self(
            name: name, documents: 0, verdict: .inconclusive, differences: [], differing: 0, reason: reason, unchecked: true,
            expectation: "not compared")
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
