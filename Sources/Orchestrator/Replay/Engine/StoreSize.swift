import AWS
import EventSourcing
import EventStore

/// How much a release's events table holds.
struct StoreSize: Sendable, Hashable {
    /// As the ledger counts them.
    var events: Int
    /// As DynamoDB stores them: by the average item of a figure that is up to six hours old, else by a typical one.
    var bytes: Int
    /// Whether DynamoDB had a figure.
    var isMeasured: Bool

    /// What an event with its attributes comes to where nothing is known of it.
    static let typicalEvent = 600

    init(events: Int, tableItems: Int, tableBytes: Int) {
        self.events = events
        isMeasured = tableItems > 0 && tableBytes > 0
        bytes = isMeasured ? Int(Double(events) * Double(tableBytes) / Double(tableItems)) : events * Self.typicalEvent
    }

    static func measure(_ view: StackView, _ record: ReleaseRecord) async throws -> StoreSize {
        let events = try await view.ledger.heads().reduce(0) { $0 + $1.totals.events }
        let table = try await view.cloud.dynamo.describeTable(record.names.events)
        return StoreSize(events: events, tableItems: table?.itemCount ?? 0, tableBytes: table?.sizeBytes ?? 0)
    }
}
