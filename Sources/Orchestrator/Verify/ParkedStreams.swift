import AWS
import EventSourcing
import EventStore

/// The parked streams of a release, tried once more: what passes by now is parked no longer.
struct ParkedStreams: Sendable {
    let cloud: Cloud
    let record: ReleaseRecord

    /// Returns the entries that stay.
    func tryAgain() async throws -> [Parking.Entry] {
        let parking = Parking(dynamo: cloud.dynamo, stack: record.stack, release: record.release)
        var staying: [Parking.Entry] = []
        for entry in try await parking.entries() {
            if try await passes(entry) {
                try await parking.release(entry.consumer, entry.aggregateId)
            } else {
                staying.append(entry)
            }
        }
        return staying
    }

    private func passes(_ entry: Parking.Entry) async throws -> Bool {
        let parts = entry.consumer.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return false }
        let blueprint = Blueprint(record)
        let function: String?
        var cursors = record.names.cursors
        var events = record.names.events
        var attribute = "version"
        switch parts[0] {
        case "projector": function = blueprint.projectors.first { $0.readModel == parts[1] }?.function
        case "reactor": function = blueprint.reactors.first { $0.name == parts[1] }?.function
        case "replica":
            // Forward replication parks in the candidate; the way back parks in the release that commits.
            function = nil
            let isBack = parts[1] == record.release
            cursors = isBack ? record.names.release(record.counterpart ?? "").cursors : record.names.cursors
            events = record.names.release(parts[1]).events
            attribute = "sourceVersion"
        default: return false
        }
        if let function { try await FunctionCall(cloud: cloud).hint(function, [entry.aggregateId]) }
        let key: Item = ["consumer": .s("\(entry.consumer)/\(entry.aggregateId)")]
        let reached = try await cloud.dynamo.getItem(cursors, key)?[attribute]?.int ?? 0
        return try await reached >= StreamReader(dynamo: cloud.dynamo, table: events).lastVersion(entry.aggregateId)
    }
}
