import AWS
import EventSourcing
import EventStore
import Orchestrator
import StackRuntime

/// What stands in the tables when a schedule begins: the live release with its history, and the candidate's record. In most schedules the candidate
/// stands ready, as its deployment leaves it where nothing goes wrong, so that they are about the handover.
struct Beginning {
    /// What it depends on.
    struct Kind: Hashable {
        var shards: Int
        var history: [Int]
        var isDeployed: Bool
        var transforms: Bool

        init(_ traits: Schedule.Traits) {
            (shards, history, isDeployed) = (traits.shards, traits.history, traits.isDeployed)
            // Only a deployment applies the transform.
            transforms = traits.isDeployed && traits.transforms
        }
    }

    let tables: [String: MemoryTable]
    let oracle: Oracle
    /// The sum of the hashes of all items, see ``StateSketch``.
    let state: UInt64

    init(_ kind: Kind) throws {
        let workshop = Workshop()
        let simulation = Simulation(Self.quiet(kind), in: workshop)
        let world = simulation.world
        if kind.isDeployed {
            try simulation.setUp()
            world.start { _ = await Person(world: world, name: "ann").perform(.deploy) }
            simulation.go { world.unfinished == 0 }
        } else {
            try Self.write(world)
        }
        (tables, oracle, state) = (world.store.tables, world.oracle, workshop.states.state)
        simulation.end()
        guard world.violation == nil, !kind.isDeployed || world.phase(of: "r2") == .ready else {
            throw DeployWork.Unproven(what: "no candidate became ready from \(kind)")
        }
    }

    /// A schedule in which nothing happens by itself.
    private static func quiet(_ kind: Kind) -> Schedule {
        var schedule = Schedule(seed: 0)
        schedule.faults = []
        schedule.traits = Schedule.Traits(
            shards: kind.shards, changedTogether: 100, isDeployed: false, history: kind.history, requests: [], rollsBack: false,
            ending: nil, second: nil, secondStarts: 0, projects: false, reacts: false, dropped: 0, pageLimit: 1_000,
            transforms: kind.transforms)
        return schedule
    }

    private static func write(_ world: World) throws {
        let store = world.store
        for shard in world.shards.all {
            _ = try store.write(
                .put(
                    World.names.ledger,
                    ["shard": .s(ShardMap.key(shard)), "item": "head", "owner": "r1", "epoch": 1, "events": 0, "digest": 0]))
        }
        _ = try store.write(.put(StackNames.control, Releases.item("r1", .live, .live)))
        _ = try store.write(.put(StackNames.control, Releases.item("r2", .candidate, .cutting)))
        for (stream, count) in zip(world.streams, world.schedule.traits.history) where count > 0 {
            let events = (1...count).map { version in
                StoredEvent(
                    aggregateId: stream, version: version, eventId: "h-\(stream)-\(version)", type: "Added",
                    data: "{\"number\":\(version)}",
                    at: Timestamp.format(Process.start), epoch: 1, origin: "r1")
            }
            let totals = Totals(of: events)
            let head: Item = ["shard": .s(ShardMap.key(world.shards.shard(of: stream))), "item": "head"]
            try store.transact(
                events.map { .put(World.names.release("r1").events, $0.item) } + [
                    .update(
                        World.names.ledger, head, "ADD #events :n, #digest :d",
                        values: [":n": .int(totals.events), ":d": .n(String(totals.digest))])
                ])
        }
    }
}
