import AWS
import EventSourcing
import EventStore
import Orchestrator

/// Prepares the candidate: cut, replay, proof, tail. What a deployment does, without the cloud's resources.
struct DeployWork: Sendable {
    let world: World
    let process: Process
    let lock: StackLock

    struct Unproven: Error {
        var what: String
    }

    func run() async throws {
        let ledger = world.ledger(process)
        var releases = try await Releases.read(ledger.dynamo)
        guard let candidate = releases["r2"], candidate.state == .candidate else { throw Person.NothingToDo(problem: "r2 is no candidate") }
        if [.ready, .live].contains(candidate.phase) { return }
        for head in try await ledger.heads() {
            guard head.owner == "r1" else { throw OwnerChanged(head: head, expected: "r1") }
            try await ledger.cut(head, id: "cut-r2", candidate: "r2", fence: lock.fence)
        }
        if releases["r2"]?.phase != .connecting {
            let meant = try await replay(ledger)
            let held = world.oracle.totals(of: "r2", in: world.store)
            // The second pass: what is there must be what was meant.
            guard held == meant else { throw Unproven(what: "r2 holds \(held), not \(meant)") }
            try await advance(&releases, to: .connecting)
        }
        world.connectCandidate()
        try await Consumer(kind: .replicator(from: "r1"), world: world).sweep(Array(world.shards.all))
        try await advance(&releases, to: .ready)
    }

    private func advance(_ releases: inout [String: ReleaseRecord], to phase: DeploymentPhase) async throws {
        releases["r2"]?.phase = phase
        guard let candidate = releases["r2"] else { return }
        let store = SimulatedStore(process: process)
        try await ReleaseStore(dynamo: store, stack: World.names.stack).advance(candidate, fence: lock.fence)
    }

    /// Copies up to the cut until the totals that were read are the cut's. Returns what was meant to be written, per shard.
    private func replay(_ ledger: Ledger) async throws -> [Totals] {
        let heads = try await ledger.heads()
        let segment = SegmentReplay(
            ledger: ledger, source: "r1", target: "r2", segment: 0, total: 1,
            transform: Application.transform(world.schedule.traits.transforms))
        for _ in 0..<3 {
            let checkpoint = try await segment.run(until: .now + .seconds(600))
            let isProven = heads.allSatisfy { head in
                ShardProof(
                    shard: head.shard, owner: head.cut?.totals ?? .zero, replicated: checkpoint.progress[head.shard]?.source ?? .zero
                ).holds
            }
            if isProven { return ShardProgress.targetTotals(Array(checkpoint.progress.values), count: heads.count) }
            try await ledger.dynamo.batchDelete(
                World.names.release("r2").cursors, keys: [["consumer": .s(CursorKey.replay(of: "r1", segment: 0, of: 1))]])
        }
        throw Unproven(what: "the replay read other events than the cut counted")
    }
}
