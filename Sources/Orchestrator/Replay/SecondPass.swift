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
    /// Events that the release is behind; `nil` where it follows none.
    var backlog: (@Sendable () async throws -> Int)?

    private static let segments = 4

    /// The totals of each shard. Memory doesn't grow with the table.
    ///
    /// Throws ``PoisonousEvent``. A stream that a projector can't read whole is no reason to stop: its shard's totals tell.
    func run(expected: Int) async throws -> [Totals] {
        let progress = PassProgress("events measured and projected", total: expected, sink: sink)
        guard let backlog else { return try await measure(progress) }
        return try await progress.watching(backlog) { try await measure(progress) }
    }

    private func measure(_ progress: PassProgress) async throws -> [Totals] {
        try await withThrowingTaskGroup(of: [Totals].self) { group in
            for segment in 0..<Self.segments {
                group.addTask {
                    try await measure(segment) { done, shares in
                        progress.tell { $0.add(segment: segment, done: done, shares: shares, at: $1) }
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

    private func measure(
        _ segment: Int, _ report: (_ done: Int, _ shares: [ReplayFigures.Limit: Double]) -> Void
    ) async throws -> [Totals] {
        let clock = ContinuousClock()
        var done = 0
        var totals = Array(repeating: Totals.zero, count: shards.count)
        var streams: [String] = []
        var startKey: Item?
        repeat {
            let began = clock.now
            let page = try await cloud.dynamo.scan(
                DynamoDB.ScanRequest(table: names.events, segment: segment, totalSegments: Self.segments, startKey: startKey))
            let read = clock.now
            for item in page.items {
                let event = try StoredEvent(item: item)
                totals[shards.shard(of: event.aggregateId)].add(event)
                if streams.last != event.aggregateId {
                    if streams.count >= FunctionCall.streamsPerHint { try await project(&streams) }
                    streams.append(event.aggregateId)
                }
            }
            startKey = page.lastKey
            done += page.items.count
            // Reading includes decoding here: nothing is transformed.
            report(done, [.reading: (read - began) / .seconds(1), .projectors: (clock.now - read) / .seconds(1)])
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
                    for fault in try await call.hint(function, batch) where try await isWhole(fault.aggregateId) {
                        throw PoisonousEvent(function: function, fault: fault)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func isWhole(_ stream: String) async throws -> Bool {
        do {
            _ = try await StreamReader(dynamo: cloud.dynamo, table: names.events).load(stream)
            return true
        } catch is StreamGap {
            return false
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
