import EventSourcing
import EventStore
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The Lambda of the tail. Forward it carries the live release's commits into its own; back it carries its own into the release that was live before.
struct ReplicatorFunction: InvocationHandler {
    enum Direction: Sendable {
        case forward
        case back
    }

    private let sweep: OutboxSweep
    private let shards: ShardMap
    private let parking: Parking

    /// `{"sweep": [0, 1, 2]}` of a direct invocation.
    private struct Order: Decodable { var sweep: [Int]? }

    init(direction: Direction, transform: AnyTransform, context: ReleaseContext) throws {
        let counterpart = try context.required("IMMUTABLE_COUNTERPART")
        let replicator: StreamReplicator
        switch direction {
        case .forward:
            replicator = StreamReplicator(
                ledger: context.ledger, source: counterpart, target: context.release, mapping: transform.forward, keepsJournal: true)
        case .back:
            guard let reverse = transform.reverse else {
                throw StartFailure(reason: "the transform '\(transform.name)' has no way back: conform it to ReversibleTransform")
            }
            replicator = StreamReplicator(ledger: context.ledger, source: context.release, target: counterpart, mapping: reverse)
        }
        sweep = OutboxSweep(replicator: replicator)
        shards = context.shards
        parking = context.parking
    }

    func handle(_ payload: [UInt8], _ invocation: Invocation) async throws -> [UInt8] {
        let asked = try JSONDecoder().decode(Order.self, from: Data(payload)).sweep
        let touched: Set<Int>
        if let asked {
            touched = Set(asked.filter(shards.all.contains))
        } else {
            touched = Set(try Hints(payload).streams.map(shards.shard(of:)))
        }
        let result = try await sweep.run(touched.sorted())
        let consumer = "replica/\(sweep.replicator.source)"
        for (stream, reason) in result.failures {
            try await parking.park(consumer, stream, error: reason, event: result.stoppedAt[stream])
        }
        return Array(try JSONEncoder().encode(result))
    }
}
