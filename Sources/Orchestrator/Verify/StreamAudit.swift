import AWS
import EventSourcing
import EventStore

/// Finds the streams whose consumer is behind the store, without reading event data, and hints the consumer at them: how a record that the bus dropped comes back.
public struct StreamAudit: Sendable {
    public let cloud: Cloud
    public let names: ReleaseNames
    /// The key of a consumer's cursor for a stream.
    private let cursorKey: @Sendable (String) -> String
    private let function: String
    /// Only events of this origin count; `nil` for all.
    private let origin: String?

    public static func projector(_ readModel: String, function: String, cloud: Cloud, names: ReleaseNames) -> StreamAudit {
        StreamAudit(
            cloud: cloud, names: names, cursorKey: { CursorKey.projector(readModel, $0) }, function: function, origin: nil)
    }

    /// A reactor acts only on what was first committed in its release.
    public static func reactor(_ name: String, function: String, cloud: Cloud, names: ReleaseNames) -> StreamAudit {
        StreamAudit(
            cloud: cloud, names: names, cursorKey: { CursorKey.reactor(name, $0) }, function: function, origin: names.release)
    }

    private static let streamsPerCall = 50

    /// Hints at every stream that is behind; returns how many were.
    public func run() async throws -> Int {
        var behind = 0
        var open: (id: String, version: Int)?
        var batch: [(id: String, version: Int)] = []
        var startKey: Item?
        repeat {
            var request = DynamoDB.ScanRequest(table: names.events, attributes: ["aggregateId", "version"], startKey: startKey)
            if let origin {
                request.filter = "#origin = :origin"
                request.values = [":origin": .s(origin)]
            }
            let page = try await cloud.dynamo.scan(request)
            for item in page.items {
                guard let id = item["aggregateId"]?.string, let version = item["version"]?.int else { continue }
                if let last = open, last.id == id {
                    open = (id, max(last.version, version))
                } else {
                    if let last = open { batch.append(last) }
                    open = (id, version)
                }
            }
            startKey = page.lastKey
            if startKey == nil, let last = open { batch.append(last) }
            while batch.count >= 100 || (startKey == nil && !batch.isEmpty) {
                behind += try await check(Array(batch.prefix(100)))
                batch.removeFirst(min(100, batch.count))
            }
        } while startKey != nil
        return behind
    }

    private func check(_ streams: [(id: String, version: Int)]) async throws -> Int {
        let items = try await cloud.dynamo.batchGet(names.cursors, keys: streams.map { ["consumer": .s(cursorKey($0.id))] })
        let cursors = Dictionary(
            items.compactMap { item in item["consumer"]?.string.flatMap { key in item["version"]?.int.map { (key, $0) } } },
            uniquingKeysWith: { first, _ in first })
        let late = streams.filter { cursors[cursorKey($0.id), default: 0] < $0.version }.map(\.id)
        for start in stride(from: 0, to: late.count, by: Self.streamsPerCall) {
            try await FunctionCall(cloud: cloud).hint(function, Array(late[start..<min(start + Self.streamsPerCall, late.count)]))
        }
        return late.count
    }
}
