import AWS
import EventSourcing
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Tells the consumers of events that are too large for the bus: DynamoDB drops a record that expands past Kinesis' limit.
struct LargeEventHint: Sendable {
    private let lambda: Lambda
    private let consumers: [String]

    /// An item over about 34 KB can be dropped; this keeps a distance.
    private static let threshold = 25_000

    init(context: ReleaseContext) {
        // The answer to the request waits for it.
        lambda = Lambda(context.aws.givingUp(after: .seconds(1)))
        consumers = (context.variable("IMMUTABLE_CONSUMERS") ?? "").split(separator: ",").map(String.init)
    }

    /// Best effort: what is missed here is found by an audit.
    func hint(_ commit: [StoredEvent]) async {
        guard let first = commit.first, commit.contains(where: { $0.size > Self.threshold }),
            let payload = try? JSONEncoder().encode(["streams": [first.aggregateId]])
        else { return }
        await withDiscardingTaskGroup { group in
            for consumer in consumers {
                group.addTask { [lambda] in _ = try? await lambda.invoke(consumer, payload: Array(payload), async: true) }
            }
        }
    }
}
