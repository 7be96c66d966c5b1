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
        var batch = Batch()
        var startKey: Item?
        repeat {
            let began = clock.now
            let page = try await cloud.dynamo.scan(
                DynamoDB.ScanRequest(table: names.events, segment: segment, totalSegments: Self.segments, startKey: startKey))
            let read = clock.now
            for item in page.items {
                let event = try StoredEvent(item: item)
                totals[shards.shard(of: event.aggregateId)].add(event)
                if batch.isFull(for: event) { try await project(&batch) }
                batch.add(event)
            }
            startKey = page.lastKey
            done += page.items.count
            // Reading includes decoding here: nothing is transformed.
            report(done, [.reading: (read - began) / .seconds(1), .projectors: (clock.now - read) / .seconds(1)])
        } while startKey != nil
        try await project(&batch)
        return totals
    }

    /// Streams that are projected together, with their events.
    private struct Batch {
        var streams: [String] = []
        var events: [StoredEvent] = []
        private var bytes = 0

        /// An invocation takes 6 MB (Lambda), and JSON in JSON grows by its quotes.
        private static let limit = 2_000_000

        func isFull(for event: StoredEvent) -> Bool {
            guard !events.isEmpty else { return false }
            return bytes + event.size > Self.limit || (streams.count >= FunctionCall.streamsPerHint && streams.last != event.aggregateId)
        }

        mutating func add(_ event: StoredEvent) {
            if streams.last != event.aggregateId { streams.append(event.aggregateId) }
            events.append(event)
            bytes += event.size
        }
    }

    private func project(_ waiting: inout Batch) async throws {
        guard !waiting.streams.isEmpty, !projectors.isEmpty else { return waiting = Batch() }
        let batch = waiting
        waiting = Batch()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for function in projectors {
                group.addTask {
                    if let fault = try await faults(of: function, batch.streams, batch.events).first {
                        throw PoisonousEvent(function: function, fault: fault)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// A stream that lacks an event fails the invocation: then each is handed over by itself, and those that aren't whole are passed over.
    private func faults(of function: String, _ streams: [String], _ events: [StoredEvent]) async throws -> [HintAnswer.Fault] {
        let call = FunctionCall(cloud: cloud)
        do {
            return try await call.hint(function, streams, events: events)
        } catch let error as FunctionFailed where error.type == "\(StreamGap.self)" {
            guard streams.count > 1 else { return [] }
            var faults: [HintAnswer.Fault] = []
            for stream in streams { faults += try await self.faults(of: function, [stream], events.filter { $0.aggregateId == stream }) }
            return faults
        }
    }
}
