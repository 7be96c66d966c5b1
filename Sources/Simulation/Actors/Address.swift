import Orchestrator

/// The users' address.
struct Address: TrafficRouter {
    let world: World
    let store: SimulatedStore

    func current(of releases: [ReleaseRecord]) async throws -> String? { world.mapping.last?.release }

    func route(to release: ReleaseRecord) async throws {
        let world = world
        try await store.other("the address leads to \(release.release)") { world.lead(to: release.release) }
    }

    /// Answers from outside name the new release alone once no request comes to the old one any more.
    func confirm(_ release: String) async throws {
        if let last = world.mapping.last, world.mapping.count > 1 {
            let left = last.at + World.propagation - world.scheduler.now
            if left > 0 { try await store.clock.sleep(.microseconds(left)) }
        }
        guard world.mapping.last?.release == release else { throw DeployWork.Unproven(what: "the address doesn't lead to \(release)") }
    }

    func routeAliases(to release: ReleaseRecord) async throws {}

    func remove() async throws {}
}
