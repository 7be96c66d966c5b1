import AWS
import EventSourcing
import EventStore
import StackDescription

/// Compares a candidate's read models with the live ones while both work.
public struct Verifier: Sendable {
    let view: StackView
    let live: ReleaseRecord
    let candidate: ReleaseRecord
    let sink: ProgressSink

    /// How long what differs is read again before it counts.
    private static let patience: Duration = .seconds(30)
    /// A difference that doesn't change for this long, with nothing left to replicate, is one.
    private static let stability: Duration = .seconds(3)

    public init(view: StackView, live: ReleaseRecord, candidate: ReleaseRecord, sink: @escaping ProgressSink) {
        self.view = view
        self.live = live
        self.candidate = candidate
        self.sink = sink
    }

    public func run() async throws -> ParityReport {
        let liveModels = Set(live.manifest.readModels.map(\.name))
        let events = try await view.ledger.heads().reduce(0) { $0 + $1.totals.events }
        var models: [ParityReport.ReadModel] = []
        var total = 0
        for model in candidate.manifest.readModels {
            switch candidate.manifest.parityCheck(of: model.name) {
            case .new:
                models.append(unchecked(model.name, "new in \(candidate.release)"))
            case .unchecked(let reason):
                models.append(unchecked(model.name, reason))
            case .exact where !liveModels.contains(model.name):
                models.append(
                    ParityReport.ReadModel(
                        name: model.name, documents: 0, verdict: .inconclusive, differences: [], differing: 0,
                        reason: "\(live.release) has no such read model: declare it `.new` in the manifest", unchecked: false))
            case .exact(let ignoring):
                let (result, count) = try await compare(model.name, ignoring: Set(ignoring), events: events)
                models.append(result)
                total += count
            }
        }
        for name in liveModels.subtracting(candidate.manifest.readModels.map(\.name)).sorted() {
            models.append(unchecked(name, "removed in \(candidate.release)"))
        }
        return ParityReport(stack: view.stack, live: live.release, candidate: candidate.release, readModels: models, total: total)
    }

    private func unchecked(_ name: String, _ reason: String) -> ParityReport.ReadModel {
        ParityReport.ReadModel(
            name: name, documents: 0, verdict: .inconclusive, differences: [], differing: 0, reason: reason, unchecked: true)
    }

    private func compare(_ name: String, ignoring: Set<String>, events: Int) async throws -> (ParityReport.ReadModel, Int) {
        let comparison = ReadModelComparison(
            dynamo: view.cloud.dynamo, name: name, live: live.names.readModel(name), candidate: candidate.names.readModel(name),
            ignoring: ignoring, sink: sink)
        var look = try await comparison.firstLook()
        if look.total == 0, events > 0 {
            // A stack whose first documents are on their way is no empty one.
            try await settle()
            look = try await comparison.firstLook()
        }
        var result = ParityReport.ReadModel(
            name: name, documents: look.total, verdict: .matched, differences: [], differing: 0, reason: nil, unchecked: false)
        if look.total == 0, events > 0 {
            result.verdict = .inconclusive
            result.reason = "there are \(events) events but no documents on either side: the projection did not run, or makes none"
            return (result, 0)
        }
        guard !look.suspects.isEmpty else { return (result, look.total) }
        let outcome = try await watch(look.suspects, comparison)
        result.differing = outcome.stable.count
        result.differences = outcome.stable.sorted { $0.key < $1.key }.prefix(100).flatMap { $0.value.differences }
        if !outcome.stable.isEmpty {
            result.verdict = .mismatched
        } else if !outcome.moving.isEmpty {
            result.verdict = .inconclusive
        }
        if !outcome.moving.isEmpty {
            result.documents -= outcome.moving.count
            result.reason =
                "\(outcome.moving.count) documents kept changing and could not be brought to one position, e.g. '\(outcome.moving.sorted()[0])'"
        }
        return (result, look.total)
    }

    private struct Outcome {
        var stable: [String: ReadModelComparison.Suspect] = [:]
        var moving: Set<String> = []
    }

    /// Reads what differs again until it matches, or stays as it is although nothing is left to replicate or project.
    private func watch(_ ids: [String], _ comparison: ReadModelComparison) async throws -> Outcome {
        try await settle()
        let start = ContinuousClock.now
        var outcome = Outcome()
        var open = try await comparison.look(again: ids)
        var since = open.mapValues { _ in ContinuousClock.now }
        while !open.isEmpty {
            let now = ContinuousClock.now
            let settled = open.filter { now - (since[$0.key] ?? now) > Self.stability }
            if !settled.isEmpty {
                // What there was to replicate and project of them is done after this; what is unchanged by it differs for good.
                try await settle()
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
            try await Task.sleep(for: .milliseconds(200))
            let fresh = try await comparison.look(again: Array(open.keys))
            for (id, suspect) in fresh where open[id] != suspect { since[id] = ContinuousClock.now }
            open = fresh
        }
        return outcome
    }

    /// Brings the candidate's events and both sides' projections up to date with what was committed before.
    private func settle() async throws {
        if candidate.counterpart == live.release, try await view.ledger.heads().contains(where: { $0.outbox == candidate.release }) {
            try await Sweeper(cloud: view.cloud, function: candidate.names.function("replicator")).sweep(view.shards.all)
        }
        for record in [live, candidate] {
            for projector in Blueprint(record).projectors {
                _ = try await StreamAudit.projector(
                    projector.readModel, function: projector.function, cloud: view.cloud, names: record.names
                ).run()
            }
        }
    }
}
