import AWS
import EventSourcing
import EventStore
import StackRuntime

/// A function that follows a bus: each delivery is a process of its own, so that two may be at one stream.
struct Consumer: Sendable {
    enum Kind: Hashable, Sendable {
        case projector(String)
        case reactor(String)
        case replicator(from: String)

        var name: String {
            switch self {
            case .projector(let release): "\(release).projector"
            case .reactor(let release): "\(release).reactor"
            case .replicator(let release): "\(release).replicator"
            }
        }

        /// Whether it is a function of `release`, or reads or writes there.
        func needs(_ release: String) -> Bool {
            switch self {
            case .projector(let own), .reactor(let own): own == release
            case .replicator: true
            }
        }
    }

    let kind: Kind
    let world: World

    /// What a function reports as its error.
    struct Failed: Error {
        var reason: String
    }

    /// Delivers a record; a batch that fails is delivered again.
    func deliver(_ hints: Hints, attempt: Int = 0) {
        guard world.enabled.contains(kind) else { return }
        let world = world
        world.scheduler.start {
            do {
                try await invoke(hints)
            } catch {
                world.trace?("\(kind.name): \(error)")
                if attempt < 3 { world.scheduler.at(world.scheduler.now + 400_000) { deliver(hints, attempt: attempt + 1) } }
            }
        }
    }

    /// Runs the function in a process of its own, which is stopped after 29 s.
    func invoke(_ hints: Hints) async throws {
        let process = started()
        defer { process.isDone = true }
        switch kind {
        case .projector(let release):
            let names = World.names.release(release)
            let store = SimulatedStore(process: process)
            let faults = try await Projector(
                projection: Application.projection, readModel: World.readModel, dynamo: store, names: names,
                reader: StreamReader(dynamo: store, table: names.events)
            ).project(hints)
            if let fault = faults.first { throw Failed(reason: "stream \(fault.key) stops: \(fault.value)") }
        case .reactor(let release):
            let names = World.names.release(release)
            let store = SimulatedStore(process: process)
            let seen: any ItemStore = world.store.sabotage == .forgedOrigins ? Forging(store: store, origin: release) : store
            let run = ReactorRun(
                reactor: Application.Mailer.self, retriesAfterCrash: false, release: release, dynamo: store, names: names,
                reader: StreamReader(dynamo: seen, table: names.events),
                journal: EffectJournal(
                    dynamo: world.store.sabotage == .forgetsJournal ? Forging(store: store, origin: nil) : store, stack: World.names.stack,
                    reactor: Application.Mailer.name),
                performer: Mailbox(world: world, store: store, release: release))
            try await run.react(to: hints) { _, fault in throw fault }
        case .replicator:
            _ = try await sweep(Set(hints.streams.map(world.shards.shard(of:))).sorted(), process)
        }
    }

    /// Sweeps the outbox of some shards, as a replicator does when it is asked to.
    func sweep(_ shards: [Int]) async throws {
        let process = started()
        defer { process.isDone = true }
        try await sweep(shards, process)
    }

    private func started() -> Process {
        let process = world.process(kind.name)
        world.scheduler.at(world.scheduler.now + 29_000_000) { process.die() }
        return process
    }

    private func sweep(_ shards: [Int], _ process: Process) async throws {
        guard case .replicator(let source) = kind else { return }
        let transform = Application.transform(world.schedule.traits.transforms)
        let result = try await OutboxSweep(
            replicator: StreamReplicator(
                ledger: world.ledger(process), source: source, target: source == "r1" ? "r2" : "r1",
                mapping: source == "r1" ? transform.forward : transform.reverse ?? transform.forward)
        ).run(shards)
        if let failure = result.failures.first { throw Failed(reason: "stream \(failure.key) can't be replicated: \(failure.value)") }
    }
}

/// Where effects go: notes each.
private struct Mailbox: EffectPerforming {
    let world: World
    let store: SimulatedStore
    let release: String

    func perform(_ effect: Effect) async throws {
        switch effect {
        case .email(let mail):
            let world = world
            let release = release
            try await store.other("mail about \(mail.subject)") {
                if let violation = world.oracle.sent(mailAbout: mail.to, by: release) { world.fail(violation) }
            }
        }
    }
}
