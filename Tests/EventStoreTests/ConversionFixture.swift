import AWS
import EventSourcing
import EventStore
import TestSupport
import Testing

extension StoreFixture {
    /// Appends events whose ids depend on nothing but their stream and version.
    func append(_ aggregateId: String, after version: Int, count: Int = 1) async throws {
        try await commit("r1", events(aggregateId, after: version, count: count, command: "c-\(version)"))
    }

    /// Every event of a release, in the order of streams and versions.
    func contents(_ release: String) async throws -> [StoredEvent] {
        var events: [StoredEvent] = []
        var startKey: Item?
        repeat {
            let page = try await dynamo.scan(DynamoDB.ScanRequest(table: names.release(release).events, startKey: startKey))
            events += try page.items.map(StoredEvent.init(item:))
            startKey = page.lastKey
        } while startKey != nil
        return events.sorted { ($0.aggregateId, $0.version) < ($1.aggregateId, $1.version) }
    }

    /// What the tail does once for all shards; fails where a stream can't be replicated.
    func tail(_ mapping: Mapping) async throws {
        let result = try await OutboxSweep(replicator: replicator(from: "r1", to: "r2", mapping)).run(shards.all)
        #expect(result.failures.isEmpty)
    }

    /// Both sides' totals: what the heads counted was read, and what was meant to be written is there, shard by shard.
    func expectTotals(_ passes: [ReplayCheckpoint], sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let tail = try await progress(from: "r1", into: "r2")
        let replayed = passes.flatMap(\.progress)
        for head in try await ledger.heads() {
            let read = replayed.filter { $0.key == head.shard }.reduce(tail[head.shard].source) { $0 + $1.value.source }
            #expect(head.totals == read, sourceLocation: sourceLocation)
        }
        let meant = ShardProgress.targetTotals(tail + replayed.map(\.value), count: shards.count)
        var measured = Array(repeating: Totals.zero, count: shards.count)
        for event in try await contents("r2") { measured[shards.shard(of: event.aggregateId)].add(event) }
        #expect(measured == meant, sourceLocation: sourceLocation)
    }

    /// The streams' versions are 1, 2, 3 …
    func expectNoGaps(_ release: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        for (stream, events) in Dictionary(grouping: try await contents(release), by: \.aggregateId) {
            #expect(events.map(\.version) == Array(1...events.count), "\(stream)", sourceLocation: sourceLocation)
        }
    }
}

/// Rules for the events `Happened {"n":1}` of the fixture.
enum SampleRules {
    private struct Sum: Codable { var sum = 0 }

    private static func number(_ event: StoredEvent) throws -> Int { try Value.parse(event.data)["n"]?.decode(Int.self) ?? 0 }

    static let splitEvents: Rules = [.splitEvent("Happened", into: ["Begun", "Ended"], by: { [$0, $0] }, back: { $0[0] })]

    static let runningSum: Rules = [
        .fold(
            Sum(),
            { event, sum in
                sum.sum += try number(event)
                return .replace(ConvertedEvent(type: "Summed", schema: 1, data: #"{"n":\#(try number(event)),"sum":\#(sum.sum)}"#))
            },
            back: { event, _ in .replace(ConvertedEvent(type: "Happened", schema: 1, data: #"{"n":\#(try number(event))}"#)) })
    ]

    static let renameStreams: Rules = [.renameStream(by: { "new-\($0)" }, back: { String($0.dropFirst(4)) })]

    static let splitStreams: Rules = [
        .splitStream(
            by: { try number($0).isMultiple(of: 2) ? "even-\($0.aggregateId)" : "odd-\($0.aggregateId)" },
            back: { String($0.aggregateId.drop { $0 != "-" }.dropFirst()) })
    ]

    /// `a/1` and `a/2` become `a`, in the order of their numbers.
    static let mergeStreams: Rules = [
        .mergeStreams(
            by: { String($0.aggregateId.prefix { $0 != "/" }) },
            orderedBy: { event in
                let text = String(try number(event))
                return String(repeating: "0", count: 6 - text.count) + text
            })
    ]

    static let all = ["splitEvents": splitEvents, "runningSum": runningSum, "renameStreams": renameStreams, "splitStreams": splitStreams]
}
