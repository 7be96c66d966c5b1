import AWS
import EventSourcing

/// Keeps the last checkpoint of one segment.
struct CheckpointLog: Sendable {
    let ledger: Ledger
    let table: String
    let key: String

    func load() async throws -> ReplayCheckpoint {
        try await ledger.dynamo.getItem(table, ["consumer": .s(key)]).map(ReplayCheckpoint.init(item:)) ?? ReplayCheckpoint()
    }

    func store(_ next: ReplayCheckpoint, after previous: ReplayCheckpoint) async throws -> ReplayCheckpoint {
        do {
            try await ledger.dynamo.write(
                .put(
                    table, next.item(key: ["consumer": .s(key)]), if: "attribute_not_exists(#pages) OR #pages = :previous",
                    values: [":previous": .int(previous.pages)]))
            return next
        } catch DynamoDBError.conditionFailed {
            // Another worker on this segment, or our own earlier try: it wrote the same bytes, so its checkpoint is as good.
            return try await load()
        }
    }
}
