import AWS
import EventSourcing
import EventStore
import Foundation
import StackDescription

/// Gathers the guardrails of a handover.
struct GuardrailChecks: Sendable {
    let view: StackView
    let from: ReleaseRecord
    let to: ReleaseRecord
    let kind: HandoverRecord.Kind
    let sink: ProgressSink

    /// A drain must finish well before the deadline.
    private static let outboxLimit = 2_000

    func run(parity: ParityReport?, recheck: Guardrail? = nil) async throws -> [Guardrail] {
        var rails: [Guardrail] = []
        rails.append(try await health())
        if kind == .cutover {
            rails.append(proof())
            if let quarantine = to.replayed?.quarantine {
                rails.append(Guardrail("quarantine", false, quarantine.summary, waivable: true))
            }
            rails.append(Self.parityRail(parity))
            if let recheck { rails.append(recheck) }
        }
        rails.append(try await outbox())
        rails.append(try await projectorLag())
        rails.append(try await mappings())
        rails.append(try await parked())
        rails.append(try await effects())
        rails.append(kind == .cutover ? try await wayBack() : wayThere())
        return rails
    }

    /// Invokes every function as often side by side as the live concurrency asks for.
    private func health() async throws -> Guardrail {
        let blueprint = Blueprint(to)
        let commands = Set(blueprint.commandRoutes.values)
        let width = to.manifest.traffic.map { max(2, min(16, Int($0.writesPerSecond / 2))) } ?? 4
        let call = FunctionCall(cloud: view.cloud)
        let release = to.release
        struct Answer: Decodable { var release: String }
        // A release that was live has no replay and no replicators any more once its own predecessor was retired.
        let parts = kind == .cutover ? blueprint.parts : blueprint.parts.filter { !$0.role.isReplication }
        var failed: [String] = []
        await withTaskGroup(of: (String, Bool).self) { group in
            for part in parts {
                let function = blueprint.names.function(part.name)
                for _ in 0..<(commands.contains(function) ? width : 1) {
                    group.addTask {
                        let probe = "{\"immutable\":{\"probe\":true,\"holdMilliseconds\":150}}"
                        let answer: Answer? = try? await call.json(function, probe, retry: .whenTransient)
                        return (function, answer?.release == release)
                    }
                }
            }
            for await (function, ok) in group {
                if !ok { failed.append(function) }
            }
        }
        let names = Set(failed).sorted().joined(separator: ", ")
        return Guardrail(
            "healthy", failed.isEmpty,
            failed.isEmpty
                ? "\(parts.count) functions of \(release) answer; commands warmed ×\(width)"
                : "no good answer from \(names); their log groups are /aws/lambda/<name>")
    }

    private func proof() -> Guardrail {
        guard let replayed = to.replayed, to.phase == .ready else {
            return Guardrail("totals", false, "the deployment of \(to.release) is at '\(to.phase.rawValue)': run `immutable deploy` again")
        }
        return Guardrail(
            "totals", true, "\(replayed.events) events replayed, proven on \(replayed.totals.count) of \(view.shards.count) shards")
    }

    private static func parityRail(_ parity: ParityReport?) -> Guardrail {
        guard let parity else { return Guardrail("parity", false, "not compared") }
        let left = parity.unchecked.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
        let undecided = parity.readModels.filter { !$0.unchecked && $0.verdict == .inconclusive }.map {
            "\($0.name): \($0.reason ?? "unknown")"
        }
        return Guardrail(
            "parity", parity.verdict == .matched,
            "\(parity.verdict.rawValue): \(parity.documents) documents compared, coverage \(Int(parity.coverage * 100)) %, at \(parity.at)"
                + (left.isEmpty ? "" : "; not compared: \(left)") + undecided.map { "; \($0)" }.joined(),
            waivable: parity.verdict == .inconclusive)
    }

    private func outbox() async throws -> Guardrail {
        var waiting = 0
        for shard in view.shards.all where waiting <= Self.outboxLimit {
            waiting += try await view.ledger.outbox(shard, from: from.release, limit: Self.outboxLimit + 1).count
        }
        return Guardrail("outbox", waiting <= Self.outboxLimit, "\(waiting) commits waiting to be replicated (limit \(Self.outboxLimit))")
    }

    private func projectorLag() async throws -> Guardrail {
        let consumers = try await to.projectorConsumers(in: view.cloud)
        let behind = try await StreamAudit(cloud: view.cloud, names: to.names, consumers: consumers).hintLate()
        return Guardrail(
            "projectors", behind <= Self.outboxLimit,
            "\(behind) streams of \(to.release) were behind and have been hinted (limit \(Self.outboxLimit))")
    }

    private func mappings() async throws -> Guardrail {
        var bad: [String] = []
        var count = 0
        for record in [from, to] {
            for function in Blueprint(record).consumers {
                count += 1
                guard let mapping = try await BusMapping.find(function, record.names.bus, in: view.cloud) else {
                    bad.append("\(function): no mapping")
                    continue
                }
                if mapping.state != "Enabled" { bad.append("\(function): \(mapping.state)") }
                if let result = mapping.lastProcessingResult,
                    result.uppercased().contains("FAIL") || result.uppercased().contains("PROBLEM")
                {
                    bad.append("\(function): \(result)")
                }
            }
        }
        return Guardrail(
            "mappings", bad.isEmpty, bad.isEmpty ? "\(count) event source mappings enabled, none failing" : bad.joined(separator: "; "),
            waivable: true)
    }

    private func parked() async throws -> Guardrail {
        let parked = ParkedStreams(view: view)
        let retries = try await parked.retry(parked.entries(of: from.release) + parked.entries(of: to.release))
        let staying = retries.filter { !$0.passed }
        let first = staying.first.map { ", e.g. \($0.entry.position) at \($0.entry.consumer): \($0.error ?? $0.entry.error)" } ?? ""
        let hint = staying.isEmpty ? "" : "; see `immutable parked \(view.stack)`"
        return Guardrail("parked", staying.isEmpty, "\(staying.count) parked streams\(first)\(hint)", waivable: true)
    }

    private func effects() async throws -> Guardrail {
        let doubts = try await EffectList(cloud: view.cloud, stack: view.stack).inDoubt()
        return Guardrail(
            "effects", doubts.isEmpty, "\(doubts.count) effects in doubt\(doubts.isEmpty ? "" : ": see `immutable effects \(view.stack)`")",
            waivable: true)
    }

    /// Whether the writes could come back: the return replicator works, the reverse transform loses nothing, and what comes back can be read.
    private func wayBack() async throws -> Guardrail {
        guard let function = Blueprint(to).function(.returnReplicator) else {
            return Guardrail(
                "way-back", false, "the transform '\(to.manifest.transform?.name ?? "?")' isn't reversible: no rollback", waivable: true)
        }
        try await BusMapping.enable(true, function, to.names.bus, in: view.cloud)
        try await FunctionCall(cloud: view.cloud).send(function, "{\"sweep\":[]}", retry: .whenTransient)
        return Self.wayBackRail(from: to, to: from)
    }

    /// What was proven, and what the two releases' catalogues say.
    static func wayBackRail(from candidate: ReleaseRecord, to live: ReleaseRecord) -> Guardrail {
        let way = WayBack(from: candidate, to: live)
        var problems: [String] = []
        if let unreadable = way.unreadable, !unreadable.isEmpty {
            problems.append(
                "rollback would break: \(live.release) couldn't read \(way.unreadableTypes), which \(candidate.release) may write."
                    + " Let the way back of a transform make of them what \(live.release) reads")
        }
        if !way.unprovenTypes.isEmpty {
            problems.append(
                "rollback would change events: \(way.unprovenTypes)."
                    + " A transform that the live release has gone through already is left out of the next Stack.swift")
        }
        guard problems.isEmpty else { return Guardrail("way-back", false, problems.joined(separator: "; "), waivable: true) }
        let proven = way.proven ?? 0
        let doubt = way.doubt.map { "; \($0)" } ?? ""
        return Guardrail(
            "way-back", true, "rollback lossless (\(proven) of \(proven) events proven)\(doubt); return replicator enabled and tried")
    }

    private func wayThere() -> Guardrail {
        let unreadable = WayBack(from: from, to: to).unreadableTypes
        let doubt = unreadable.isEmpty ? "" : "; \(from.release) may have written what \(to.release) can't read: \(unreadable)"
        return Guardrail(
            "way-back", true,
            "\(to.release) has followed \(from.release) since the cutover; a release that gave the writes back is never cut over to again"
                + doubt)
    }
}
