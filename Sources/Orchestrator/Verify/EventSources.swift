import AWS
import EventSourcing
import EventStore

/// The events of a release that was copied from another: of each, the one that it was made from.
struct EventSources: Sendable {
    let dynamo: any ItemStore
    let table: String

    /// To `aggregateId@version`, where that isn't the event's own; those that nothing says are left out.
    func sources(of events: Set<String>) async throws -> [String: String] {
        if events.isEmpty { return [:] }
        let keys = events.compactMap { position -> Item? in
            EventPosition(position).map { ["aggregateId": .s($0.aggregateId), "version": .int($0.version)] }
        }
        return Dictionary(
            try await dynamo.batchGet(table, keys: keys).compactMap { item in
                guard let id = item["aggregateId"]?.string, let version = item["version"]?.int, let source = item["source"]?.string else {
                    return nil
                }
                return ("\(id)@\(version)", source)
            }, uniquingKeysWith: { first, _ in first })
    }
}
