import AWS
import EventSourcing

/// Keeps the last checkpoint of one segment.
struct CheckpointLog: Sendable {
    let ledger: Ledger
    let table: String
    let key: String

    var keyItem: Item { ["consumer": .s(key)] }

    func load() async throws -> ReplayCheckpoint {
        try await ledger.dynamo.getItem(table, keyItem).map(ReplayCheckpoint.init(item:)) ?? ReplayCheckpoint()
    }

    func store(_ next: ReplayCheckpoint, after previous: ReplayCheckpoint) async throws -> ReplayCheckpoint {
        do {
            // One that was removed meanwhile is not brought back: what it covered may be gone as well.
            let isFirst = previous.pages == 0
            try await ledger.dynamo.write(
                .put(
                    table, next.item(key: keyItem), if: isFirst ? "attribute_not_exists(#pages)" : "#pages = :previous",
                    values: isFirst ? [:] : [":previous": .int(previous.pages)]))
            return next
        } catch DynamoDBError.conditionFailed {
            // Another worker on this segment, or our own earlier try: it wrote the same bytes, so its checkpoint is as good. None: from the beginning.
            return try await load()
        }
    }
}
