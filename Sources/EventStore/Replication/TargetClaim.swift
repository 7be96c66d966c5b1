import AWS
import EventSourcing

/// That a target stream is fed by one source stream: where no order says how several become one, a second one stops the replay.
struct TargetClaim: Sendable {
    var target: String
    /// The first event of the source stream that goes there.
    var event: StoredEvent

    /// Writes the claims, some at a time. Those that were made before stay as they are.
    static func write(_ claims: [TargetClaim], in ledger: Ledger, source: String, cursors: String) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, claim) in claims.enumerated() {
                if index >= 16 { try await group.next() }
                group.addTask { try await claim.write(in: ledger, source: source, cursors: cursors) }
            }
            try await group.waitForAll()
        }
    }

    private func write(in ledger: Ledger, source: String, cursors: String) async throws {
        do {
            try await ledger.dynamo.write(
                .update(
                    cursors, TargetCursor.key(of: source, target), "SET #feeder = :feeder",
                    if: "attribute_not_exists(#feeder) OR #feeder = :feeder", values: [":feeder": .s(event.aggregateId)]))
        } catch DynamoDBError.conditionFailed(let item) {
            throw TransformFailed.secondFeeder(of: target, event, first: item?["feeder"]?.string)
        }
    }
}

extension TransformFailed {
    static func secondFeeder(of target: String, _ event: StoredEvent, first: String?) -> TransformFailed {
        TransformFailed(
            event,
            "it goes to stream '\(target)', which stream '\(first ?? "?")' feeds already, and no order says how the two become one: use `.mergeStreams`, or give the rule `orderedBy`"
        )
    }
}
