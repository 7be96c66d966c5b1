import AWS
import EventSourcing
import EventStore

/// Finds events in a candidate that no replay wrote, by where they say that they come from.
struct ForeignEvents: Sendable {
    let view: StackView
    let candidate: ReleaseRecord

    private static let shown = 50

    /// `aggregateId@version` of the first of them.
    func find(on shards: Set<Int>) async throws -> [String] {
        var found: [String] = []
        var request = DynamoDB.ScanRequest(
            table: candidate.names.events, attributes: ["aggregateId", "version"],
            filter: "attribute_not_exists(#from) OR #from <> :source",
            values: [":source": .s(candidate.counterpart ?? "")])
        repeat {
            let page = try await view.cloud.dynamo.scan(request)
            for item in page.items {
                guard let stream = item["aggregateId"]?.string, shards.contains(view.shards.shard(of: stream)) else { continue }
                found.append("\(stream)@\(item["version"]?.number ?? "?")")
                if found.count >= Self.shown { return found }
            }
            request.startKey = page.lastKey
        } while request.startKey != nil
        return found
    }
}
