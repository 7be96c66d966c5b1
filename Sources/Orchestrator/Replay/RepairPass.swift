import EventSourcing
import EventStore

/// Has the candidate's own functions find what differs on some of its shards, and write it again.
struct RepairPass: Sendable {
    let cloud: Cloud
    let candidate: ReleaseRecord

    struct Result: Sendable {
        var events = 0
        /// `aggregateId@version` of the first of them.
        var positions: [String] = []

        /// E.g. `3 events (o-1@1, o-1@2, o-7@1)`.
        var summary: String {
            let shown = positions.prefix(8).joined(separator: ", ")
            return "\(events) event\(events == 1 ? "" : "s") (\(shown)\(events > 8 ? ", …" : ""))"
        }
    }

    private struct Payload: Encodable { var repair: StreamRepair.Order }

    func run(_ shards: Set<Int>) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            for segment in 0..<SegmentWorkers.usualSegments {
                group.addTask { try await run(shards, segment) }
            }
            var all = try await group.reduce(into: Result()) { sum, part in
                sum.events += part.events
                sum.positions += part.positions
            }
            all.positions.sort()
            return all
        }
    }

    private func run(_ shards: Set<Int>, _ segment: Int) async throws -> Result {
        var result = Result()
        var order = StreamRepair.Order(shards: shards, segment: segment, total: SegmentWorkers.usualSegments, seconds: 5)
        repeat {
            let answer: StreamRepair.Answer = try await FunctionCall(cloud: cloud).json(
                candidate.names.function("replay"), try StableJSON.encode(Payload(repair: order)), retry: .whenTransient)
            result.events += answer.events
            result.positions += answer.positions
            order.resume = answer.resume
        } while order.resume != nil
        return result
    }
}
