import AWS
import EventStore
import Orchestrator

/// A candidate that stands ready: what its deployment leaves in the store where nothing goes wrong. Most schedules begin with it, so that they are
/// about the handover.
struct ReadyCandidate {
    /// What the deployment's outcome depends on.
    struct Origin: Hashable {
        var shards: Int
        var history: [Int]
        var transforms: Bool

        init(_ traits: Schedule.Traits) { (shards, history, transforms) = (traits.shards, traits.history, traits.transforms) }
    }

    private var items: [(table: String, item: Item)] = []

    /// Deploys it.
    init(_ origin: Origin) throws {
        var schedule = Schedule(seed: 0)
        schedule.faults = []
        schedule.traits = Schedule.Traits(
            shards: origin.shards, changedTogether: 100, isDeployed: false, history: origin.history, requests: [], rollsBack: false,
            ending: nil, second: nil,
            secondStarts: 0, projects: false, reacts: false, dropped: 0, pageLimit: 1_000, transforms: origin.transforms)
        let simulation = Simulation(schedule)
        let world = simulation.world
        try simulation.setUp()
        let before = world.store.tables
        world.start { _ = await Person(world: world, name: "ann").perform(.deploy) }
        simulation.go { world.unfinished == 0 }
        let after = world.store.tables
        simulation.end()
        for (name, table) in after.sorted(by: { $0.key < $1.key }) {
            for (hash, entries) in table.partitions.sorted(by: { $0.key < $1.key }) {
                items += entries.filter { before[name]?.item(hash, $0.range) != $0.item }.map { (name, $0.item) }
            }
        }
        guard items.contains(where: { $0.item["phase"]?.string == DeploymentPhase.ready.rawValue }) else {
            throw DeployWork.Unproven(what: "no candidate became ready from \(origin)")
        }
    }

    func appear(in world: World) throws {
        for (table, item) in items { _ = try world.store.write(.put(table, item)) }
        world.connectCandidate()
    }
}
