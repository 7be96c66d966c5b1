import Foundation
import Traffic

/// One local cloud with its releases: what is done to them, and what is looked at afterwards.
struct CloudLife: Sendable {
    let cloud: DrillCloud
    let setup: DrillSetup
    let runner: ToolRunner
    let clients: Clients
    let audit: OutsideAudit
    let plan: FaultPlan?

    /// - Parameter plan: nil: nothing goes wrong by itself.
    init(cloud: DrillCloud, setup: DrillSetup, plan: FaultPlan?, numbers: RunNumbers) {
        self.cloud = cloud
        self.setup = setup
        self.plan = plan
        let person = Person(cloud: cloud, setup: setup)
        runner = ToolRunner(cloud: cloud, setup: setup, plan: plan, numbers: numbers, person: person)
        clients = Clients(cloud: cloud, setup: setup)
        audit = OutsideAudit(cloud: cloud, setup: setup, person: person)
    }

    /// The first release.
    func begin() async throws {
        setup.story.say("a new local cloud at \(cloud.instance.endpoint)")
        try await run(.deploy, folder: setup.stack("orders"))
    }

    /// A candidate from its deployment to its end, and an audit.
    func cycle(_ number: Int, _ story: Story) async throws {
        setup.story.say("cycle \(number): \(story.rawValue)")
        let killer = plan.map { FunctionKiller(cloud: cloud, plan: $0, run: number, tally: setup.tally) }
        let killing = Task { await killer?.run() }
        defer { killing.cancel() }
        try clients.start(cycle: number)
        try await deploy()
        switch story {
        case .abort:
            try await run(.abort)
        case .advance:
            try await handOver(.cutover)
            try await Task.sleep(for: DrillPace.afterHandover)
            try await run(.retire)
        case .return:
            try await handOver(.cutover)
            try await Task.sleep(for: DrillPace.afterHandover)
            try await handOver(.rollback)
            try await Task.sleep(for: DrillPace.afterHandover)
            try await run(.retire)
        }
        killing.cancel()
        await killing.value
        try await check()
        setup.tally.cycle(story)
    }

    /// A candidate: the next release in the second schema.
    @discardableResult
    func deploy(kills: [Kill]? = nil) async throws -> [ToolRunner.Attempt] {
        let isSecondSchema = try await liveServesRevenue()
        return try await run(.deploy, folder: isSecondSchema ? setup.settledStack() : setup.stack("orders-v2"), kills: kills)
    }

    @discardableResult
    func run(
        _ command: ToolCommand, folder: String = "", kills: [Kill]? = nil,
        watch: @escaping @Sendable (ToolRunner.Sign) async -> Void = { _ in }
    ) async throws -> [ToolRunner.Attempt] {
        let start = ContinuousClock.now
        clients.traffic?.think(DrillPace.thinking)
        let attempts = try await runner.run(command, folder: folder, kills: kills, watch: watch)
        let calls = attempts.map { "\($0.calls.count)" }.joined(separator: " + ")
        let kills = attempts.compactMap(\.killed).map {
            "call \($0.call.number) \($0.call.operation), \($0.moment.rawValue), after '\($0.step)'"
        }
        let seconds = Int((ContinuousClock.now - start) / .seconds(1))
        setup.story.say(
            "  \(command.rawValue) in \(seconds) s, \(calls) calls"
                + (kills.isEmpty ? "" : "; killed at " + kills.joined(separator: "; at ")))
        return attempts
    }

    /// With more writes around its seal than the clients send, so that a pause shows.
    private func handOver(_ command: ToolCommand) async throws {
        guard let traffic = clients.traffic else { return }
        let watch = HandoverWatch(traffic)
        do {
            try await run(command, watch: watch.saw)
        } catch {
            await watch.endPulse(after: .zero)
            throw error
        }
        await watch.endPulse(after: .seconds(1.6))
        if let window = watch.window, let pause = traffic.pause(sealed: window) {
            setup.tally.handover(command, .init(pause), wasInterrupted: watch.wasInterrupted)
            setup.story.say(
                "    write pause \(Int(pause.writePauseMilliseconds.max)) ms at most, "
                    + "\(Int(pause.addedLatencyMilliseconds.max)) ms more for a write\(watch.wasInterrupted ? ", interrupted" : "")")
        }
    }

    /// Ends the clients, and audits all that was written on this cloud.
    func check() async throws {
        let report = await clients.stop()
        let releases = try await cloud.releases()
        let live = releases.filter { $0.value == "live" }.keys.sorted()
        guard let owner = live.first, live.count == 1 else { throw Finding("releases that are live: \(live)") }
        let found = try await audit.run(release: owner, journals: clients.journals)
        let left = try await leftovers(releases)
        setup.tally.audit(found, leftovers: left.count)
        let counts = report.map { "\($0.counts.sent) requests, \($0.counts.failed) failed, \($0.counts.sentAgain) sent again; " } ?? ""
        setup.story.say("  audit: \(counts)\(found.audit.acknowledged) commands, \(found.effects.sent) mails on this cloud")
        if !found.problems.isEmpty { throw Finding((found.problems + (report?.failures ?? [])).joined(separator: "\n")) }
        if !left.isEmpty { throw Finding("left of releases that are gone: " + left.joined(separator: ", ")) }
    }

    private func leftovers(_ releases: [String: String]) async throws -> [String] {
        try await audit.leftovers(of: Set(releases.filter { $0.value == "retired" || $0.value == "aborted" }.keys))
    }

    /// Whether the live release has the second schema: it alone serves `/revenue/{day}`.
    private func liveServesRevenue() async throws -> Bool {
        let releases = try await cloud.releases()
        guard let live = releases.first(where: { $0.value == "live" })?.key else { throw Finding("no release is live: \(releases)") }
        return try await cloud.hasTable("\(DrillCloud.stack)-\(live)-revenue-by-day")
    }
}
