import AWS
import EventSourcing
import EventStore
import Foundation

/// Measures what a release's events table really holds, and feeds its streams to projectors on the way. History never crosses the bus.
struct SecondPass: Sendable {
    let cloud: Cloud
    let names: ReleaseNames
    let shards: ShardMap
    /// The functions that get every stream.
    let projectors: [String]
    let sink: ProgressSink

    private static let segments = 4

    /// The totals of each shard. Memory doesn't grow with the table.
    func run(expected: Int) async throws -> [Totals] {
        let counter = EventCounter()
        let sink = sink
        return try await withThrowingTaskGroup(of: [Totals].self) { group in
            for segment in 0..<Self.segments {
                group.addTask {
                    try await measure(segment) { added in
                        let done = await counter.add(added)
                        sink(.count("events measured and projected", done: done, total: expected))
                    }
                }
            }
            var totals = Array(repeating: Totals.zero, count: shards.count)
            for try await part in group {
                for (shard, sum) in part.enumerated() { totals[shard] += sum }
            }
            return totals
        }
    }

    private func measure(_ segment: Int, _ report: @Sendable (Int) async -> Void) async throws -> [Totals] {
        var totals = Array(repeating: Totals.zero, count: shards.count)
        var streams: [String] = []
        var startKey: Item?
        repeat {
            let page = try await cloud.dynamo.scan(
                DynamoDB.ScanRequest(table: names.events, segment: segment, totalSegments: Self.segments, startKey: startKey))
            for item in page.items {
                let event = try StoredEvent(item: item)
                totals[shards.shard(of: event.aggregateId)].add(event)
                if streams.last != event.aggregateId {
                    if streams.count >= FunctionCall.streamsPerHint { try await project(&streams) }
                    streams.append(event.aggregateId)
                }
            }
            startKey = page.lastKey
            await report(page.items.count)
        } while startKey != nil
        try await project(&streams)
        return totals
    }

    private func project(_ streams: inout [String]) async throws {
        guard !streams.isEmpty else { return }
        let batch = streams
        streams = []
        let call = FunctionCall(cloud: cloud)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for function in projectors {
                group.addTask {
                    if let fault = try await call.hint(function, batch).first { throw PoisonousEvent(function: function, fault: fault) }
                }
            }
            try await group.waitForAll()
        }
    }

    private actor EventCounter {
        private var count = 0

        func add(_ more: Int) -> Int {
            count += more
            return count
        }
    }
}

/// An event that a projection of the release that is being filled can't apply.
public struct PoisonousEvent: Error, Sendable, CustomStringConvertible {
    public var function: String
    public var fault: HintAnswer.Fault

    public var description: String {
        let what = fault.event.map { "event \($0.position) (id \($0.eventId), type '\($0.type)')" } ?? "stream '\(fault.aggregateId)'"
        return """
            \(what) stops '\(function)': \(fault.error)
            The release that is being filled can't be proven with a stream that stops. \
            hint: give it up with `immutable abort`, mend the projection or the transform, deploy again
            """
    }
}
