import Foundation
import Synchronization
import Traffic

/// The clients of one local cloud: in each cycle a new run of them, with a journal of its own.
final class Clients: Sendable {
    private let cloud: DrillCloud
    private let setup: DrillSetup
    private let state = Mutex<(journals: [URL], traffic: Traffic?)>(([], nil))

    /// For how long a client sends a request again that was answered 5xx or not at all.
    private static let patience: Duration = .seconds(60)

    init(cloud: DrillCloud, setup: DrillSetup) {
        self.cloud = cloud
        self.setup = setup
    }

    var journals: [URL] { state.withLock(\.journals) }
    var traffic: Traffic? { state.withLock(\.traffic) }

    func start(cycle: Int) throws {
        let file = setup.logs.appending(path: "journal-\(cycle).jsonl")
        // Each run has customers of its own: clients check that a customer's list has nobody else's orders.
        let options = TrafficOptions(
            endpoint: cloud.instance.endpoint, domain: DrillCloud.domain, clients: setup.clients,
            seed: Dice.word("clients \(setup.seed) \(cycle)") >> 32, journalPath: file.path(percentEncoded: false),
            watchedShards: DrillPace.watchedShards, mailDomain: "cycle-\(cycle).example.org", patience: Self.patience)
        let traffic = try Traffic(options)
        traffic.think(DrillPace.thinking)
        traffic.start()
        state.withLock { state in
            state.journals.append(file)
            state.traffic = traffic
        }
    }

    /// Ends the clients; their last requests are answered first.
    /// - Returns: how many requests failed, and why the first ones did.
    @discardableResult
    func stop() async -> TrafficReport? {
        let traffic = state.withLock { state in
            defer { state.traffic = nil }
            return state.traffic
        }
        guard let report = await traffic?.stop() else { return nil }
        setup.tally.traffic(report.counts)
        return report
    }
}
