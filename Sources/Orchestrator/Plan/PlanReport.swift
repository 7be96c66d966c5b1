import AWS
import EventStore
import StackDescription

/// What `immutable deploy` would do.
public struct PlanReport: Sendable, Hashable, Codable {
    public var stack: String
    public var region: String
    public var account: String
    /// The release that would be made.
    public var release: String
    public var live: String?
    /// Lines with `+`, `~` or `-` in front.
    public var changes: [String]
    /// Resources to create, by kind.
    public var resources: [String: Int]
    public var events: Int
    public var transform: String
    /// Why it can't be deployed.
    public var problems: [String]
    /// What a person should know.
    public var warnings: [String]
    /// What becomes of each event type of the live release; empty where nothing is known of them.
    public var eventTypes: [EventTypeChange] = []
    /// What the replay would take on AWS; absent where there is nothing to replay.
    public var estimate: ReplayEstimate?
    /// What a rollback from the release would find; absent where no release is live.
    public var wayBack: WayBack?

    public static func gather(
        _ cloud: Cloud, _ manifest: Stack, engine: ReplayEngine? = nil, catalogue: Catalogue? = nil
    ) async throws -> PlanReport {
        let control = ControlTable(dynamo: cloud.dynamo)
        let store = ReleaseStore(dynamo: cloud.dynamo, stack: manifest.name)
        let releases = try await control.exists() ? try await store.all() : []
        let view = StackView(cloud: cloud, stack: manifest.name, releases: releases)
        let live = view.live
        let release = view.candidate?.release ?? "r\((releases.compactMap { Int($0.release.dropFirst()) }.max() ?? 0) + 1)"
        let chosen = try await view.replaySettings(engine ?? .direct, for: manifest)
        let blueprint = Blueprint(
            stack: manifest, release: release, counterpart: live?.release, replay: view.candidate?.replay ?? chosen)
        var kinds: [String: Int] = [:]
        for resource in blueprint.resources(in: cloud, artifact: nil) { kinds[resource.kind, default: 0] += 1 }
        let change = live.map { ReleaseChange(live: $0.manifest, next: manifest) }
        var problems = change?.problems ?? []
        if let old = view.leftover {
            problems.append("\(old.release) (\(old.state.rawValue)) must be removed first: `immutable \(RemoveFirst(record: old).command)`")
        }
        problems += try await searchProblems(cloud, manifest)
        let eventTypes =
            if let before = live?.catalogue, let catalogue {
                EventTypeChange.compare(live: before, next: catalogue, transform: manifest.transform)
            } else {
                [EventTypeChange]()
            }
        let first =
            manifest.commands.map { "+ command \($0.handler)  \($0.route)" }
            + manifest.readModels.map { "+ \($0.isIndex ? "search index" : "read model") \($0.name)" }
        var report = PlanReport(
            stack: manifest.name, region: cloud.region, account: cloud.account, release: release, live: live?.release,
            changes: change?.lines ?? first, resources: kinds,
            events: live == nil ? 0 : try await view.ledger.heads().reduce(0) { $0 + $1.totals.events },
            transform: manifest.transform.map { "\($0.name)\($0.reversible ? " (reversible)" : " (no way back)")" } ?? "identity",
            problems: problems,
            warnings: try await warnings(cloud, manifest) + eventTypes.compactMap(\.warning) + (live == nil ? [] : unchecked(manifest)),
            eventTypes: eventTypes)
        if let live {
            report.wayBack = WayBack(to: live, next: catalogue, transform: manifest.transform, proof: view.candidate?.replayed)
        }
        if let live, report.events > 0 { report.estimate = try await .gather(view, live, next: manifest) }
        return report
    }

    private static func unchecked(_ manifest: Stack) -> [String] {
        manifest.parity.compactMap { expectation in
            guard case .unchecked(let reason) = expectation.check else { return nil }
            return "read model \(expectation.readModel) will not be compared: \(reason)"
        }
    }

    /// Whether the manifest's indexes could be made.
    private static func searchProblems(_ cloud: Cloud, _ manifest: Stack) async throws -> [String] {
        guard manifest.readModels.contains(where: \.isIndex) else { return [] }
        do {
            _ = try await cloud.openSearch(of: manifest).version()
            return []
        } catch let error where !(error is CancellationError) {
            return ["the search domain can't be used: " + "\(error)".replacing("\nhint: ", with: "; ")]
        }
    }

    private static func warnings(_ cloud: Cloud, _ manifest: Stack) async throws -> [String] {
        var warnings: [String] = []
        if let sender = manifest.mail?.sender, try await cloud.ses.isVerified(sender) != true, !cloud.isLocal {
            warnings.append("SES may not send from '\(sender)' yet: verify the address or its domain")
        }
        if try await cloud.apiGateway.getDomainName(manifest.api.domain) == nil, manifest.api.certificate == nil, !cloud.isLocal {
            warnings.append("the domain '\(manifest.api.domain)' doesn't exist and the manifest names no certificate to create it with")
        }
        if let traffic = manifest.traffic {
            let need = Int((2 * traffic.writesPerSecond * 10).rounded(.up))
            let have: Int
            if let reserved = manifest.functions.concurrency {
                have = reserved
            } else {
                have = try await cloud.lambda.accountConcurrencyLimit().unreserved
            }
            if have < need {
                warnings.append(
                    "\(have) concurrent executions may be too few for requests that wait through a handover: \(need) are needed")
            }
        }
        return warnings
    }
}
