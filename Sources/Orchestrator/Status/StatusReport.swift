import AWS
import EventSourcing
import EventStore

/// A stack as it is now.
public struct StatusReport: Sendable, Hashable, Codable {
    public struct Release: Sendable, Hashable, Codable {
        public var name: String
        public var state: String
        public var phase: String
        public var artifact: String
        public var createdAt: String
        public var replayedEvents: Int?
        public var parity: String?
        /// What its replay set aside; absent where nothing was.
        public var quarantine: ReplayQuarantine?
    }

    public struct Handover: Sendable, Hashable, Codable {
        public var id: String
        public var kind: String
        public var from: String
        public var to: String
        public var state: String
        public var reason: String?
    }

    /// A rebuild of a read model that isn't finished.
    public struct Rebuild: Sendable, Hashable, Codable {
        public var release: String
        public var readModel: String
        public var phase: ReadModelState.Phase
    }

    public var stack: String
    public var region: String
    public var domain: String?
    public var live: String?
    /// The release that the domain leads to.
    public var routedTo: String?
    public var releases: [Release]
    public var events: Int
    public var shards: Int
    /// Shards that are sealed now.
    public var sealedShards: Int
    /// Commits waiting to be replicated.
    public var outbox: Int
    public var lastHandover: Handover?
    public var lock: StackLock.Holder?
    public var parked: [Parking.Entry]
    public var effectsInDoubt: [EffectList.Doubt]
    public var rebuilds: [Rebuild] = []
    /// ARNs of resources tagged as of a release that has none, or isn't known.
    public var orphans: [String]

    public static func gather(_ cloud: Cloud, _ stack: String) async throws -> StatusReport {
        let view = try await StackView.load(cloud, stack)
        let heads: [Head]
        do {
            heads = try await view.ledger.heads()
        } catch is NoHead {
            heads = []
        } catch let error as AWSError where error.isNotFound {
            heads = []
        }
        var outbox = 0
        if heads.contains(where: { $0.outbox != nil }) {
            for shard in view.shards.all { outbox += try await view.ledger.outbox(shard).count }
        }
        let manifest = (view.live ?? view.candidate ?? view.aborting)?.manifest
        var routedTo: String?
        if let manifest { routedTo = try await DomainRouter(cloud: cloud, stack: manifest).current(of: view.releases) }
        let handover = try await view.handovers.current()
        var report = StatusReport(
            stack: stack, region: cloud.region, domain: manifest?.api.domain, live: view.live?.release, routedTo: routedTo,
            releases: view.releases.map {
                Release(
                    name: $0.release, state: $0.state.rawValue, phase: $0.phase.rawValue, artifact: $0.artifact, createdAt: $0.createdAt,
                    replayedEvents: $0.replayed?.events, parity: $0.parity?.verdict,
                    quarantine: $0.replayed?.quarantine)
            },
            events: heads.reduce(0) { $0 + $1.totals.events }, shards: view.shards.count,
            sealedShards: heads.filter { $0.handover != nil }.count, outbox: outbox,
            lastHandover: handover.map {
                Handover(id: $0.id, kind: $0.kind.rawValue, from: $0.from, to: $0.to, state: $0.state.rawValue, reason: $0.reason)
            },
            lock: try await StackLock.current(cloud.dynamo, stack).flatMap { $0.isOver(cloud.dynamo.clock.now()) ? nil : $0 },
            parked: try await ParkedStreams(view: view).entries(),
            effectsInDoubt: try await EffectList(cloud: cloud, stack: stack).inDoubt(), orphans: try await orphans(view))
        report.rebuilds = try await rebuilds(view)
        return report
    }

    private static func rebuilds(_ view: StackView) async throws -> [Rebuild] {
        var found: [Rebuild] = []
        for record in view.releases where record.isFilled {
            for model in record.manifest.readModels {
                let state = try await ReadModelState.read(view.cloud.dynamo, record.names, model.name)
                guard let rebuild = state.rebuild else { continue }
                found.append(Rebuild(release: record.release, readModel: model.name, phase: rebuild.phase))
            }
        }
        return found
    }

    private static func orphans(_ view: StackView) async throws -> [String] {
        let known = Set(view.releases.filter(\.state.hasResources).map(\.release))
        return try await view.cloud.tagging.resources(tags: [ReleaseTags.stack: view.stack, ReleaseTags.release: ""])
            .filter { !known.contains($0.tags[ReleaseTags.release] ?? "") }.map(\.arn).sorted()
    }
}
