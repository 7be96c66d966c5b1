import EventSourcing
import EventStore

/// Has the candidate's own functions find what differs on some of its shards, and write it again.
struct RepairPass: Sendable {
    let cloud: Cloud
    let candidate: ReleaseRecord
    /// Of all workers together; `nil`: as many as the table takes.
    var maxWriteUnits: Int?

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
        let share = WriteShare(maxWriteUnits, among: SegmentWorkers.usualSegments)
        return try await withThrowingTaskGroup(of: Result.self) { group in
            for segment in 0..<SegmentWorkers.usualSegments {
                group.addTask {
                    defer { share.leave() }
                    return try await run(shards, segment, share)
                }
            }
            var all = try await group.reduce(into: Result()) { sum, part in
                sum.events += part.events
                sum.positions += part.positions
            }
            all.positions.sort()
            return all
        }
    }

    private func run(_ shards: Set<Int>, _ segment: Int, _ share: WriteShare) async throws -> Result {
        var result = Result()
        var order = StreamRepair.Order(shards: shards, segment: segment, total: SegmentWorkers.usualSegments, seconds: 5)
        repeat {
            let answer: StreamRepair.Answer = try await FunctionCall(cloud: cloud).json(
                candidate.names.function("replay"), try StableJSON.encode(Payload(repair: order)), retry: .whenTransient)
            result.events += answer.events
            result.positions += answer.positions
            order.resume = answer.resume
            // A worker is held up between its calls, not in one: a stream that is mended has to come to its end.
            if let pause = share.pause(after: answer.units) { try await cloud.dynamo.clock.sleep(pause) }
        } while order.resume != nil
        return result
    }
}
