import AWS
import EventSourcing
import EventStore
import Foundation

/// A stack of its own in the local cloud, with the tables of some releases and heads that the first one owns.
package struct StoreFixture: Sendable {
    package let client: AWSClient
    package let dynamo: DynamoDB
    package let names: StackNames
    package let shards: ShardMap
    package var ledger: Ledger { Ledger(dynamo: dynamo, names: names, shards: shards) }
    package var handovers: HandoverStore { HandoverStore(dynamo: dynamo, stack: names.stack) }
    package var participant: Participant { Participant(ledger: ledger, handovers: handovers) }

    package static func make(
        releases: [String] = ["r1", "r2"], shards: Int = 2, transport: any HTTPTransport = AsyncHTTPTransport.shared
    ) async throws -> StoreFixture {
        let endpoint = try await TestCloud.endpoint().endpoint
        let client = AWSClient(
            AWSConfiguration(
                region: "eu-central-1", credentials: StaticCredentials(accessKeyId: "test", secretAccessKey: "test"),
                endpoints: EndpointResolver(forAll: try Endpoint(endpoint))),
            transport: transport)
        let dynamo = DynamoDB(client)
        let names = StackNames(stack: "s\(UUID().uuidString.prefix(8).lowercased())")
        let fixture = StoreFixture(client: client, dynamo: dynamo, names: names, shards: ShardMap(count: shards))
        do {
            try await dynamo.createTable(.init(name: StackNames.control, hashKey: .string("stack"), rangeKey: .string("item")))
        } catch let error as AWSError where error.isAlreadyExists {}
        try await dynamo.createTable(.init(name: names.ledger, hashKey: .string("shard"), rangeKey: .string("item")))
        for release in releases {
            let parts = names.release(release)
            try await dynamo.createTable(.init(name: parts.events, hashKey: .string("aggregateId"), rangeKey: .number("version")))
            try await dynamo.createTable(.init(name: parts.cursors, hashKey: .string("consumer")))
            try await dynamo.createTable(.init(name: parts.staging, hashKey: .string("target"), rangeKey: .string("order")))
        }
        try await dynamo.write(.put(StackNames.control, fixture.lockItem))
        for shard in fixture.shards.all {
            try await fixture.ledger.create(Head(shard: shard, owner: releases[0], epoch: 1, totals: .zero), fence: fixture.fence)
        }
        return fixture
    }

    private var lockItem: Item { ["stack": .s(names.stack), "item": .s("lock"), "token": .int(1)] }

    /// A fence that holds.
    package var fence: Write {
        .check(
            StackNames.control, ["stack": .s(names.stack), "item": .s("lock")], if: "#token = :token", values: [":token": .int(1)])
    }

    /// A fence that another command took over.
    package var lostFence: Write {
        .check(
            StackNames.control, ["stack": .s(names.stack), "item": .s("lock")], if: "#token = :token", values: [":token": .int(7)])
    }

    /// What a function of the release finds in its environment.
    package func environment(_ release: String, _ more: [String: String] = [:]) -> [String: String] {
        ["IMMUTABLE_STACK": names.stack, "IMMUTABLE_RELEASE": release, "IMMUTABLE_LEDGER_SHARDS": "\(shards.count)"]
            .merging(more) { $1 }
    }

    package func appender(_ release: String) -> Appender { Appender(ledger: ledger, release: release) }

    package func reader(_ release: String) -> StreamReader { StreamReader(dynamo: dynamo, table: names.release(release).events) }

    package func replicator(from source: String, to target: String, _ mapping: Mapping = .identity) -> StreamReplicator {
        StreamReplicator(ledger: ledger, source: source, target: target, mapping: mapping)
    }

    /// The next events of a stream, as a command would make them.
    package func events(_ aggregateId: String, after version: Int, count: Int = 1, command: String = UUID().uuidString) -> [StoredEvent] {
        (0..<count).map { index in
            StoredEvent(
                aggregateId: aggregateId, version: version + 1 + index,
                eventId: EventID.of(command: command, aggregateId: aggregateId, index: index), type: "Happened",
                data: "{\"n\":\(version + 1 + index)}", meta: "{\"command\":\"\(command)\"}", at: "2026-01-01T00:00:00.000000Z",
                origin: "r1")
        }
    }

    /// Appends until it is done; for tests whose subject is something else.
    package func commit(_ release: String, _ aggregateId: String, after version: Int, count: Int = 1) async throws {
        try await commit(release, events(aggregateId, after: version, count: count))
    }

    /// The same with events as they are.
    package func commit(_ release: String, _ events: [StoredEvent]) async throws {
        let appender = appender(release)
        while true {
            switch try await appender.append(events) {
            case .appended: return
            case .stale, .contended: continue
            case let other: throw Unexpected(outcome: other)
            }
        }
    }

    package struct Unexpected: Error { package var outcome: AppendOutcome }

    package func cut(_ candidate: String = "r2") async throws {
        for head in try await ledger.heads() { try await ledger.cut(head, id: "cut-\(candidate)", candidate: candidate, fence: fence) }
    }

    /// Copies up to the cut in one segment.
    package func replay(_ transform: AnyTransform = .identity) async throws -> ReplayCheckpoint {
        try await SegmentReplay(ledger: ledger, source: "r1", target: "r2", segment: 0, total: 1, transform: transform)
            .run(until: .now + .seconds(600))
    }

    /// Gives what the replay staged its versions, in one segment.
    package func merge() async throws -> ReplayCheckpoint {
        try await MergeReplay(ledger: ledger, source: "r1", target: "r2", segment: 0, total: 1).run(until: .now + .seconds(600))
    }

    package func progress(from source: String, into target: String) async throws -> [ShardProgress] {
        try await ProgressReader(dynamo: dynamo, table: names.release(target).cursors, source: source, shards: shards).read()
    }

    package func handover(_ kind: HandoverRecord.Kind = .cutover, deadline: Date = Date(timeIntervalSinceNow: 600)) async throws
        -> HandoverRecord
    {
        let record = HandoverRecord(
            id: ULID.next(), kind: kind, from: "r1", to: "r2", deadline: deadline, epochs: try await ledger.heads().map(\.epoch),
            startedAt: Date())
        try await handovers.create(record, fence: fence)
        return record
    }
}
