import AWS
import EventSourcing
import EventStore
import StackDescription

/// A stack as its tables show it now: its releases and who owns the writes.
public struct StackView: Sendable {
    public let cloud: Cloud
    public let stack: String
    public let releases: [ReleaseRecord]

    /// Throws ``NoSuchStack`` where nothing of that name was deployed here.
    public static func load(_ cloud: Cloud, _ stack: String) async throws -> StackView {
        let control = ControlTable(dynamo: cloud.dynamo)
        guard try await control.exists() else { throw NoSuchStack(stack: stack, region: cloud.region, account: cloud.account) }
        let releases = try await ReleaseStore(dynamo: cloud.dynamo, stack: stack).all()
        guard !releases.isEmpty else { throw NoSuchStack(stack: stack, region: cloud.region, account: cloud.account) }
        return StackView(cloud: cloud, stack: stack, releases: releases)
    }

    /// The same, by calls that don't wait long.
    var urgent: StackView { StackView(cloud: cloud.urgent, stack: stack, releases: releases) }

    public var names: StackNames { StackNames(stack: stack) }
    public var store: ReleaseStore { ReleaseStore(dynamo: cloud.dynamo, stack: stack) }
    public var handovers: HandoverStore { HandoverStore(dynamo: cloud.dynamo, stack: stack) }
    public var live: ReleaseRecord? { releases.last { $0.state == .live } }
    public var candidate: ReleaseRecord? { releases.last { $0.state == .candidate } }
    public var previous: ReleaseRecord? { releases.last { $0.state == .previous } }
    public var rolledBack: ReleaseRecord? { releases.last { $0.state == .rolledBack } }
    public var retiring: ReleaseRecord? { releases.last { $0.state == .retiring } }
    public var aborting: ReleaseRecord? { releases.last { $0.state == .aborting } }
    /// The release that has to be removed before the next one is deployed.
    public var leftover: ReleaseRecord? { previous ?? rolledBack ?? retiring ?? aborting }
    public func release(_ name: String) -> ReleaseRecord? { releases.first { $0.release == name } }

    /// Those of the ledger: the live release's, and before there is one those of the release that is to make it. A first release that was
    /// given up may have had others.
    public var shards: ShardMap {
        let release = live ?? candidate ?? releases.last { $0.state.hasResources } ?? releases.last
        return ShardMap(count: release?.manifest.eventStore.ledgerShards ?? 64)
    }
    public var ledger: Ledger { Ledger(dynamo: cloud.dynamo, names: names, shards: shards) }
}

/// A stack that was never deployed to this account and region.
public struct NoSuchStack: Error, Sendable, CustomStringConvertible {
    public var stack: String
    public var region: String
    public var account: String

    public var description: String {
        "there is no stack '\(stack)' in account \(account), region \(region).\nhint: check the name, AWS_REGION, AWS_PROFILE and AWS_ENDPOINT_URL; `immutable deploy <dir>` creates a stack"
    }
}
