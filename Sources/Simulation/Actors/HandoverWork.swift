import AWS
import EventSourcing
import EventStore
import Orchestrator

/// What `immutable cutover` and `immutable rollback` do under the lock, without the guardrails that look at the cloud's resources.
struct HandoverWork: Sendable {
    let world: World
    let process: Process
    let lock: StackLock

    func run(_ kind: HandoverRecord.Kind) async throws {
        if try await resume(kind) { return }
        let ledger = world.ledger(process)
        let releases = try await Releases.read(ledger.dynamo)
        guard let from = releases.values.first(where: { $0.state == .live }) else {
            throw Person.NothingToDo(problem: "no release is live")
        }
        guard let to = releases.values.first(where: { $0.state == (kind == .cutover ? .candidate : .previous) }) else {
            throw Person.NothingToDo(problem: "no release to hand the writes to")
        }
        if kind == .cutover {
            guard to.phase == .ready else { throw DeployWork.Unproven(what: "the candidate isn't ready") }
            world.enabled.insert(.replicator(from: to.release))
        }
        let route = try await route(kind, from: from.release, to: to.release)
        try await Consumer(kind: .replicator(from: from.release), world: world).sweep(Array(world.shards.all))
        let (record, _) = try await handover(route).start()
        try await settle(record, from, to)
    }

    /// Whether the command is done with what it found.
    private func resume(_ kind: HandoverRecord.Kind) async throws -> Bool {
        let ledger = world.ledger(process)
        let handovers = world.handovers(process)
        let releases = try await Releases.read(ledger.dynamo)
        let current = try await handovers.current()
        let from = current.flatMap { releases[$0.from] }
        let to = current.flatMap { releases[$0.to] }
        let step = try await HandoverResumption.next(
            for: kind, current: current, from: from?.state, to: to?.state, now: ledger.dynamo.clock.now()
        ).expired(in: handovers)
        switch step {
        case .expire: return false
        case .begin(let liftsSeals):
            if liftsSeals { try await ledger.liftEndedSeals(handovers) }
            return false
        case .finish(let record):
            guard let from, let to else { return false }
            world.trace?("\(process.name): goes on with \(record.kind), which is \(record.state)")
            let (finished, _) = try await handover(route(record.kind, from: record.from, to: record.to)).finish(record)
            try await settle(finished, from, to)
            return record.kind == kind
        }
    }

    private func route(_ kind: HandoverRecord.Kind, from: String, to: String) async throws -> HandoverRoute {
        let ledger = world.ledger(process)
        switch kind {
        case .cutover:
            let item = try await ledger.dynamo.getItem(
                World.names.release(to).cursors, ["consumer": .s(CursorKey.replay(of: from, segment: 0, of: 1))])
            let replayed = item.map { ReplayCheckpoint(item: $0).progress } ?? [:]
            return try await .cutover(
                ledger: ledger, from: from, to: to, replicator: "replicator",
                replayed: ShardProgress.targetTotals(Array(replayed.values), count: world.shards.count), keepsWayBack: true)
        case .rollback:
            return try await .rollback(
                ledger: ledger, handovers: world.handovers(process), from: from, to: to, replicator: "return-replicator")
        }
    }

    private func handover(_ route: HandoverRoute) -> HandoverRun {
        let world = world
        let process = process
        return HandoverRun(
            ledger: world.ledger(process), handovers: world.handovers(process), route: route, fence: lock.fence,
            sweep: { shards, _ in
                try await SimulatedStore(process: process).other("sweep of \(shards) is asked for") {}
                try await Consumer(kind: .replicator(from: route.from), world: world).sweep(shards)
                if process.isDead { throw Crashed() }
            },
            sink: { progress in
                if case .step(let name, _) = progress { world.trace?("\(process.name): \(name)") }
            })
    }

    private func settle(_ record: HandoverRecord, _ from: ReleaseRecord, _ to: ReleaseRecord) async throws {
        let store = SimulatedStore(process: process)
        let world = world
        let receipt = Receipt(
            id: record.id, kind: record.kind.rawValue, stack: World.names.stack, from: record.from, to: record.to,
            at: Timestamp.format(store.clock.now()), guardrails: [], fromTotals: record.fromTotals.reduce(.zero, +),
            toTotals: record.toTotals.reduce(.zero, +), pauseMilliseconds: 0, steps: [:])
        try await HandoverSettlement(
            ledger: world.ledger(process), releases: ReleaseStore(dynamo: store, stack: World.names.stack), lock: lock,
            router: Address(world: world, store: store)
        ) {
            try await store.other("the replicator from \(record.from) is stopped") {
                _ = world.enabled.remove(.replicator(from: record.from))
            }
        }.run(record, from: from, to: to, receipt: receipt)
    }
}
