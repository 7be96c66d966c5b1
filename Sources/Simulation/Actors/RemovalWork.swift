import EventSourcing
import EventStore
import Orchestrator
import StackRuntime

/// What `immutable abort` and `immutable retire` do under the lock; the cloud's resources go all at once.
struct RemovalWork: Sendable {
    let world: World
    let process: Process
    let lock: StackLock

    func abort() async throws {
        guard let candidate = try await releases().first(where: { $0.state == .candidate || $0.state == .aborting }) else {
            throw Person.NothingToDo(problem: "there is no candidate to give up")
        }
        try await GivingUp(handovers: world.handovers(process), removal: removal).run(candidate)
    }

    func retire() async throws {
        let handovers = world.handovers(process)
        if let record = try await handovers.current(), !record.state.hasEnded { throw HandoverUnfinished(record: record) }
        let all = try await releases()
        let old = [ReleaseRecord.State.retiring, .previous, .rolledBack].lazy.compactMap { state in all.last { $0.state == state } }.first
        guard let old, let live = all.last(where: { $0.state == .live }) else {
            throw Person.NothingToDo(problem: "there is no release to retire")
        }
        let world = world
        try await Retirement(
            removal: removal, router: Address(world: world, store: SimulatedStore(process: process)),
            settle: { record in try await Consumer(kind: .reactor(record.release), world: world).invoke(Hints(world.streams)) }
        ).run(old, live: live, of: all)
    }

    private func releases() async throws -> [ReleaseRecord] {
        try await Releases.read(SimulatedStore(process: process)).values.sorted { $0.release < $1.release }
    }

    private var removal: ReleaseRemoval {
        let world = world
        let store = SimulatedStore(process: process)
        return ReleaseRemoval(
            ledger: world.ledger(process), releases: ReleaseStore(dynamo: store, stack: World.names.stack), lock: lock,
            resources: { record in try await store.other("\(record.release) is removed") { world.remove(record.release) } },
            sink: { progress in
                if case .step(let name, _) = progress { world.trace?("\(process.name): \(name)") }
            })
    }
}
