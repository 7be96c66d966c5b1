import AWS
import EventSourcing
import EventStore
import Foundation
import LocalCloud
import ManifestLoading
import Orchestrator
import Traffic

/// The whole way of a stack on a local AWS, under traffic: its chapters are the phases of a release's life.
struct Demo: Sendable {
    let instance: LocalCloud.Instance
    let root: PackageRoot
    let events: Int
    let clients: Int
    /// Requests a second that the clients send at most, together, once there is enough to replay.
    let rate: Int
    let products: String?
    let sabotage: Set<Sabotage>
    let story: DemoStory
    let cloud: Cloud
    let traffic: Traffic
    let began = ContinuousClock.now

    /// However few events there are by then, the story goes on. In seconds.
    private static let loadingLimit = 40.0
    /// How long traffic goes on after a handover, in seconds.
    private static let afterHandover = 3.0
    /// A handover that isn't done by its deadline is aborted, and nothing has moved.
    private static let handoverTries = 3
    private static let domain = "api.orders.example"

    init(
        instance: LocalCloud.Instance, root: PackageRoot, events: Int, clients: Int, rate: Int, products: String?, sabotage: Set<Sabotage>,
        story: DemoStory
    ) async throws {
        self.instance = instance
        self.root = root
        self.events = events
        self.clients = clients
        self.rate = rate
        self.products = products
        self.sabotage = sabotage
        self.story = story
        cloud = try await DemoCloud.connect(instance)
        traffic = try Traffic(
            TrafficOptions(
                endpoint: instance.endpoint, domain: Self.domain, clients: clients, journalPath: DemoCloud.journal(instance)))
    }

    /// - Returns: what was measured; `problems` is empty where all is well.
    func run() async throws -> DemoFigures {
        do {
            return try await tell()
        } catch {
            _ = await traffic.stop()
            throw error
        }
    }

    private func tell() async throws -> DemoFigures {
        story.chapter(
            "A local AWS", "at \(instance.endpoint): real HTTP, signed requests, real Lambda processes. Nothing of yours is touched.")
        var figures = DemoFigures()
        let (first, firstSeconds) = try await load("stacks/orders")
        let (second, secondSeconds) = try await load("stacks/orders-v2")
        figures.manifest.seconds = max(firstSeconds, secondSeconds)
        figures.artifact = ArtifactSummary(second.artifact, of: second.stack.functions)

        story.chapter("Deploy stacks/orders", "The first release, r1: it takes the domain \(Self.domain).")
        let r1 = try await deploy(first, &figures)

        try await load()

        story.chapter(
            "Deploy stacks/orders-v2, while the traffic goes on",
            "A whole new release beside r1: other event types, two new read models. Every event is replayed through its transform.\nr1 is only read, so nothing can go wrong for its users; until the cutover, r2 can be thrown away."
        )
        await traffic.mark("deploy")
        let r2 = try await deploy(second, &figures)
        story.traffic(traffic.counts)

        story.chapter(
            "Cut over, under traffic",
            "The writes of 64 shards go from r1 to r2: sealed, drained, counted on both sides, then decided by one write.\nRequests that come meanwhile wait. If anything didn't add up by the deadline, r1 would simply go on."
        )
        figures.cutover = try await handOver(.cutover)
        try await goOn("after the cutover")

        story.chapter(
            "Roll back, under traffic",
            "Suppose r2 had a flaw. The same handover leads back, with all that was written since, in r1's own schema.")
        let rollback = try await handOver(.rollback)
        figures.rollback = rollback
        try await goOn("after the rollback")

        let report = try await end(r1)
        figures.traffic(report)

        story.chapter(
            "Audit, from outside",
            "A program that shares no code with the rest holds the clients' journal against tables, API and mail:\nevery acknowledged command exactly once, every read model right, every email sent exactly once."
        )
        if let order = report.finished.first {
            let sender = first.stack.mail.map { $0.sender } ?? "shop@orders.example"
            for fault in Sabotage.allCases where sabotage.contains(fault) {
                guard let done = try await fault.plantBeforeAudit(order, in: cloud, names: r1.names, sender: sender) else { continue }
                story.say("sabotage: \(done)")
            }
        }
        let audit = try await AuditProgram(instance: instance, root: root, patience: sabotage.isEmpty ? 60 : 8).run(
            stack: first.stack.name, release: r1.release, domain: Self.domain, journal: DemoCloud.journal(instance))
        figures.audited(audit)
        figures.seconds = (ContinuousClock.now - began) / .seconds(1)
        figures.releases = [r1.release, r2.release]
        figures.orchestrator.peakMemoryBytes = PeakMemory.bytes
        return figures
    }

    /// The manifest and the built functions of a stack, held against each other.
    private func load(_ directory: String) async throws -> (LoadedSources, seconds: Double) {
        let manifest = try await ManifestLoader().load(root.path(directory))
        let builder = ArtifactBuilder(products: products, local: true, progress: ProgressView.sink)
        let built = try await builder.build(manifest.stack.functions, manifestDirectory: manifest.directory.path(percentEncoded: false))
        if let catalogue = built.catalogue { try manifest.check(against: catalogue) }
        let sources = LoadedSources(stack: manifest.stack, artifact: built.artifact, catalogue: built.catalogue)
        story.say("\(directory): manifest in \(Figures.milliseconds(manifest.seconds * 1_000)); \(sources.summary)")
        return (sources, manifest.seconds)
    }

    private func deploy(_ sources: LoadedSources, _ figures: inout DemoFigures) async throws -> ReleaseRecord {
        let times = StepTimes(clock: { traffic.now })
        let outcome = try await DeployCommand(
            cloud: cloud, manifest: sources.stack, artifact: sources.artifact, history: nil, catalogue: sources.catalogue,
            sink: times.sink
        ).run()
        ProgressView.standard.end()
        figures.provision.seconds.append(times.seconds(of: "provision") ?? 0)
        if let replayed = outcome.record.replayed { figures.replay = .init(events: replayed.events, seconds: replayed.seconds) }
        if let parity = outcome.parity {
            figures.parity = .init(verdict: parity.verdict, documents: parity.documents, coverage: parity.coverage)
        }
        return outcome.record
    }

    private func load() async throws {
        story.chapter(
            "Traffic",
            "\(clients) clients place, pay, ship and cancel orders by plain HTTP, and check every answer against their own model.\nThey go on to the end, whatever happens to the releases."
        )
        ProgressView.sink(.step("load", why: "\(Figures.count(events)) events, so that there is something to replay"))
        await traffic.mark("load")
        traffic.start()
        let end = traffic.now + Self.loadingLimit
        while traffic.counts.acknowledged < events, traffic.now < end {
            try await Task.sleep(for: .milliseconds(50))
            ProgressView.sink(.count("events", done: min(events, traffic.counts.acknowledged), total: events))
        }
        traffic.think(.seconds(1) * clients / rate)
        story.traffic(traffic.counts)
    }

    /// A handover, with more writes around its seal than the clients send, so that each gap shows.
    private func handOver(_ kind: HandoverRecord.Kind) async throws -> DemoFigures.Handover {
        await traffic.mark(kind.rawValue)
        var triesLeft = Self.handoverTries
        while true {
            triesLeft -= 1
            do {
                return try await tryHandOver(kind)
            } catch let aborted as HandoverAborted where triesLeft > 0 {
                story.say("\(aborted)")
                await traffic.endPulses()
            }
        }
    }

    private func tryHandOver(_ kind: HandoverRecord.Kind) async throws -> DemoFigures.Handover {
        let pulse = HandoverPulse(traffic: traffic, cloud: cloud, clients: clients, rate: rate)
        let times = StepTimes(clock: { traffic.now })
        let outcome = try await HandoverCommand(cloud: cloud, stack: "orders", kind: kind, sink: times.sink) { intent in
            ProgressView.sink(.note("all \(intent.guardrails.count) guardrails hold"))
            try await pulse.begin(intent)
            return true
        }.run()
        try await pulse.end()
        guard case .done(let receipt) = outcome, let seal = times.start(of: "seal"), let flip = times.start(of: "flip"),
            let pause = traffic.pause(sealed: seal...flip)
        else { throw NothingMeasured(kind: kind) }
        story.say("\(receipt.to) owns the writes; clients saw a pause of \(Figures.milliseconds(pause.writePauseMilliseconds.max)) at most")
        return DemoFigures.Handover(pause, receipt)
    }

    private func goOn(_ phase: String) async throws {
        await traffic.mark(phase)
        // A step of our own also says that the handover is over: from now on an interruption ends the demo at once.
        ProgressView.sink(.step("traffic", why: "goes on \(phase)"))
        try await Task.sleep(for: .seconds(Self.afterHandover))
        story.traffic(traffic.counts)
    }

    private func end(_ release: ReleaseRecord) async throws -> TrafficReport {
        for fault in Sabotage.allCases where sabotage.contains(fault) {
            guard let done = try await fault.plantUnderTraffic(traffic, in: cloud, names: release.names) else { continue }
            story.say("sabotage: \(done)")
        }
        return await traffic.stop()
    }
}

/// A handover of which the clients saw too little.
struct NothingMeasured: Error, CustomStringConvertible {
    var kind: HandoverRecord.Kind

    var description: String { "the clients' writes around the \(kind.rawValue) were too few to measure its pause.\nhint: more --clients" }
}
