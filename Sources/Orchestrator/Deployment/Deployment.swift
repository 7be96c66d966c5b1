import AWS
import EventSourcing
import EventStore
import Foundation
import StackDescription

/// Takes a release through its phases. The transition is stored before the phase's work is done; each phase can be done again.
struct Deployment: Sendable {
    let cloud: Cloud
    let artifact: Artifact
    let history: HistoryFile?
    let options: ReplayOptions
    let lock: StackLock
    let sink: ProgressSink

    func run(_ found: ReleaseRecord) async throws -> DeployCommand.Outcome {
        var outcome = DeployCommand.Outcome(record: found)
        let kind: DeploymentPhase.Kind = found.counterpart == nil ? .first(history: history != nil) : .candidate
        while true {
            try await lock.check()
            let phase = outcome.record.phase
            // A candidate that was ready already is compared again; one that just became so was compared a moment ago.
            if phase != .ready || found.phase == .ready { try await perform(phase, &outcome) }
            guard let next = phase.advance(on: .finished, kind) else { return outcome }
            outcome.record.phase = next
            if next == .live { outcome.record.state = .live }
            try await store(outcome.record)
        }
    }

    private func perform(_ phase: DeploymentPhase, _ outcome: inout DeployCommand.Outcome) async throws {
        let record = outcome.record
        switch phase {
        case .provisioning: try await provision(record)
        case .importing: outcome.imported = try await importHistory(record)
        case .activating: try await activate(record)
        case .cutting: try await cut(record)
        case .replaying: outcome.replaySeconds += try await replay(record)
        case .proving: outcome.record.replayed = try await prove(record, after: outcome.replaySeconds)
        case .connecting: try await connect(record)
        case .tailing: try await tail(record)
        case .verifying, .ready: try await verify(&outcome)
        case .live: break
        }
    }

    private func store(_ record: ReleaseRecord) async throws {
        try await ReleaseStore(dynamo: cloud.dynamo, stack: record.stack).advance(record, fence: lock.fence)
    }

    private func view(_ record: ReleaseRecord) async throws -> StackView { try await StackView.load(cloud, record.stack) }

    private func provision(_ record: ReleaseRecord) async throws {
        sink(.step("provision \(record.release)", why: "new resources beside the live ones; nothing that exists is changed"))
        let start = ContinuousClock.now
        if let sender = record.manifest.mail?.sender, try await cloud.ses.isVerified(sender) == nil {
            try await cloud.ses.createEmailIdentity(sender)
        }
        let resources = Blueprint(record).resources(in: cloud, artifact: artifact)
        try await Provisioner(cloud: cloud, sink: sink).create(StackTables(names: StackNames(stack: record.stack)).resources + resources)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        sink(.done("\(resources.count) resources in \(Self.text(seconds)) s"))
    }

    private func importHistory(_ record: ReleaseRecord) async throws -> HistoryImport.Result? {
        guard let history else { throw HistoryMissing(release: record.release) }
        sink(.step("import", why: "the log's lines become events of origin 'import': no effect follows from them"))
        let result = try await HistoryImport(cloud: cloud, record: record, file: history, fence: lock.fence, sink: sink).run()
        sink(
            .done(
                "\(result.events) events of \(result.streams) streams in \(Self.text(result.seconds)) s; \(result.refusedLines) lines refused"
            ))
        return result
    }

    /// A first release gets the writes: its heads hold the totals of what its store holds.
    private func activate(_ record: ReleaseRecord) async throws {
        sink(.step("activate \(record.release)", why: "the first release of a stack takes the writes and the domain"))
        let view = try await view(record)
        let totals = try await ProofPass(record, in: cloud, projectors: Blueprint(record).projectors.map(\.function)).run(expected: 0)
        try await attachBus(record)
        let ledger = view.ledger
        // One after the other: all of them check the same lock item.
        for shard in view.shards.all {
            try await ledger.create(Head(shard: shard, owner: record.release, epoch: 1, totals: totals[shard]), fence: lock.fence)
        }
        for head in try await ledger.heads() where head.owner != record.release {
            throw OwnerChanged(head: head, expected: record.release)
        }
        let router = DomainRouter(cloud: cloud, stack: record.manifest)
        if let target = try await router.ensureDomain(), !cloud.isLocal {
            sink(.note("\(record.manifest.api.domain) has to lead to \(target) by a DNS record of yours; it is asked from this machine"))
        }
        try await router.route(to: record)
        try await router.routeAliases(to: record)
        try await router.confirm(record.release)
        sink(.done("\(record.release) owns \(view.shards.count) shards and answers at \(record.manifest.api.domain)"))
    }

    private func attachBus(_ record: ReleaseRecord) async throws {
        let arn = cloud.streamARN(record.names.bus)
        let dynamo = cloud.dynamo
        if try await !dynamo.kinesisDestinationStatus(record.names.events).contains(where: { $0.streamArn == arn && $0.status == "ACTIVE" })
        {
            do {
                try await dynamo.enableKinesisDestination(record.names.events, streamArn: arn)
            } catch let error as AWSError where error.code.hasPrefix("ResourceInUse") || error.code.hasPrefix("Validation") {
                // An earlier try asked for it; whether it comes shows below.
            }
        }
        try await waitUntil("the bus of \(record.release) is attached", deadline: .seconds(300)) {
            try await dynamo.kinesisDestinationStatus(record.names.events).contains { $0.streamArn == arn && $0.status == "ACTIVE" }
        }
    }

    private func cut(_ record: ReleaseRecord) async throws {
        sink(
            .step(
                "cut", why: "on each shard an epoch is closed: what is in it is final, and new commits are noted for \(record.release) too")
        )
        let view = try await view(record)
        let ledger = view.ledger
        let fence = lock.fence
        let heads = try await ledger.heads()
        for head in heads where head.owner != record.counterpart {
            throw OwnerChanged(head: head, expected: record.counterpart ?? "?")
        }
        // All of them check the same lock item: few at a time, or they get in each other's way.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, head) in heads.enumerated() {
                if index >= 8 { try await group.next() }
                group.addTask { try await ledger.cut(head, id: "cut-\(record.release)", candidate: record.release, fence: fence) }
            }
            try await group.waitForAll()
        }
        let events = try await ledger.heads().reduce(0) { $0 + ($1.cut?.totals.events ?? 0) }
        sink(.done("\(events) events to replay, on \(heads.count) shards"))
    }

    private func firstPass(_ view: StackView, _ record: ReleaseRecord) -> FirstPass {
        FirstPass(view: view, candidate: record, source: record.counterpart ?? "", options: options, fence: lock.fence, sink: sink)
    }

    private func replay(_ record: ReleaseRecord) async throws -> Double {
        sink(.step("replay", why: "every event is copied through the transform; the live release is only read"))
        let start = ContinuousClock.now
        let view = try await view(record)
        let checkpoints = try await firstPass(view, record).run()
        let events = checkpoints.reduce(0) { $0 + $1.events }
        let aside = checkpoints.reduce(0) { $0 + $1.itemsSetAside }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let rest = aside == 0 ? ", as many as the cut counted on every shard" : "; with \(aside) set aside all that the cut counted"
        sink(.done("\(events) events in \(Self.text(seconds)) s\(rest)"))
        return seconds
    }

    private func prove(_ record: ReleaseRecord, after copying: Double) async throws -> ReplayProof {
        sink(.step("prove", why: "the copy is read back and counted; its streams go to the projectors, and no effect follows"))
        let view = try await view(record)
        let proof = try await CopyProof(view: view, candidate: record, firstPass: firstPass(view, record), lock: lock, sink: sink).run(
            after: copying)
        let way =
            !proof.isReversible
            ? "no rollback"
            : proof.unproven.isEmpty
                ? "rollback lossless (\(proof.proven) of \(proof.proven) proven)"
                : "rollback would change \(proof.unproven.values.reduce(0, +)) events: \(proof.unprovenTypes)"
        let (shards, seconds) = (view.shards.count, Self.text(proof.seconds - copying))
        sink(.done("\(proof.events) events proven on \(shards) of \(shards) shards in \(seconds) s; \(way)"))
        return proof
    }

    private func connect(_ record: ReleaseRecord) async throws {
        sink(.step("connect", why: "the bus is attached and the replicator started: from now on \(record.release) follows"))
        try await attachBus(record)
        let source = record.names.release(record.counterpart ?? "").bus
        try await BusMapping.enable(true, record.names.function("replicator"), source, in: cloud)
    }

    private func tail(_ record: ReleaseRecord) async throws {
        sink(.step("tail", why: "what was committed since the cut is copied"))
        let view = try await view(record)
        let sweeper = Sweeper(cloud: cloud, function: record.names.function("replicator"))
        let events = try await sweeper.sweep(view.shards.all)
        sink(.done("\(events) events swept from the outbox; the rest comes by the bus"))
    }

    private func verify(_ outcome: inout DeployCommand.Outcome) async throws {
        sink(.step("verify", why: "the read models are compared while both releases work"))
        let view = try await view(outcome.record)
        guard let live = view.live else { return }
        let verifier = Verifier(view: view, live: live, candidate: outcome.record, sink: sink)
        let compared = try await verifier.compare()
        let report = compared.report
        outcome.parity = report
        outcome.record.parity = ParityStamp(report)
        sink(.done("\(report.verdict.rawValue): \(report.documents) documents, coverage \(Int(report.coverage * 100)) %"))
        try await verifier.keep(compared, as: outcome.record, fence: lock.fence)
    }

    private static func text(_ seconds: Double) -> String { String(format: "%.1f", seconds) }
}

/// An import that goes on without its file.
struct HistoryMissing: Error, CustomStringConvertible {
    var release: String
    var description: String { "\(release) was being filled from a history file: run the same command again with its --history" }
}
