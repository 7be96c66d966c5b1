import AWS
import EventSourcing
import EventStore

/// Finds the streams whose consumers are behind the store: how a record that the bus dropped comes back.
///
/// Reads keys, origins and cursors, never event data, in one scan for all consumers of a release. Memory: a page of keys per segment.
public struct StreamAudit: Sendable {
    public let cloud: Cloud
    public let names: ReleaseNames
    public let consumers: [StreamConsumer]

    public init(cloud: Cloud, names: ReleaseNames, consumers: [StreamConsumer]) {
        self.cloud = cloud
        self.names = names
        self.consumers = consumers
    }

    /// A stream whose consumer hasn't passed its last event.
    public struct Late: Sendable, Hashable {
        public var consumer: StreamConsumer
        public var aggregateId: String
        /// Where the consumer stands; 0 where it has no cursor.
        public var cursor: Int
        /// The last version in the store that concerns it.
        public var version: Int
    }

    struct Found: Sendable {
        /// Streams looked at, by consumer.
        var streams: [StreamConsumer: Int] = [:]
        var late: [Late] = []
    }

    private static let segments = 4

    /// Everything that is behind now.
    func find() async throws -> Found {
        try await inSegments { segment in
            var found = Found()
            found.streams = try await scan(segment) { found.late += $0 }
            return found
        }
    }

    /// Hints the consumers at every stream that is behind, while it looks; returns how many were. What was committed before the call is taken in
    /// when it returns, but for the streams that a consumer can't go on with, those that lack a version included: `onFaults` gets these.
    public func hintLate(
        onFaults: @escaping @Sendable (StreamConsumer, [HintAnswer.Fault]) async throws -> Void = { _, _ in },
        onPage: @escaping @Sendable (_ hinted: Int) async -> Void = { _ in }
    ) async throws -> Int {
        let call = FunctionCall(cloud: cloud)
        return try await inSegments { segment in
            var found = Found()
            var count = 0
            found.streams = try await scan(segment) { late in
                count += late.count
                for (consumer, streams) in Dictionary(grouping: late, by: \.consumer) {
                    for chunk in streams.map(\.aggregateId).chunks(of: FunctionCall.streamsPerHint) {
                        let faults = try await call.hintEach(consumer, chunk)
                        if !faults.isEmpty { try await onFaults(consumer, faults) }
                        await onPage(chunk.count)
                    }
                }
            }
            return (found, count)
        }.1
    }

    /// Those of `late` that are behind still.
    func stillLate(_ late: [Late]) async throws -> [Late] {
        let cursors = try await cursors(late.map { $0.consumer.cursorKey($0.aggregateId) })
        return late.compactMap { late in
            var late = late
            late.cursor = cursors[late.consumer.cursorKey(late.aggregateId), default: 0]
            return late.cursor < late.version ? late : nil
        }
    }

    /// The last versions of one stream: of all its events, and of those first committed in the release.
    private struct Stream {
        var aggregateId: String
        var last = 0
        var lastOwn = 0
    }

    /// One segment of the events table. Returns the streams looked at.
    private func scan(_ segment: Int, _ visit: ([Late]) async throws -> Void) async throws -> [StreamConsumer: Int] {
        var streams: [StreamConsumer: Int] = [:]
        var whole: [Stream] = []
        var open: Stream?
        let attributes = ["aggregateId", "version"] + (consumers.contains(where: \.ownEventsOnly) ? ["origin"] : [])
        var request = DynamoDB.ScanRequest(table: names.events, segment: segment, totalSegments: Self.segments, attributes: attributes)
        repeat {
            let page = try await cloud.dynamo.scan(request)
            for item in page.items {
                guard let id = item["aggregateId"]?.string, let version = item["version"]?.int else { continue }
                // A Scan keeps a stream together in practice. Where it doesn't, both parts are checked, and the later one tells.
                var stream = open.flatMap { $0.aggregateId == id ? $0 : nil } ?? Stream(aggregateId: id)
                if let open, open.aggregateId != id { whole.append(open) }
                stream.last = max(stream.last, version)
                if item["origin"]?.string == names.release { stream.lastOwn = max(stream.lastOwn, version) }
                open = stream
            }
            request.startKey = page.lastKey
            if page.lastKey == nil, let open { whole.append(open) }
            let size = max(1, 100 / max(1, consumers.count))
            while whole.count >= size || (page.lastKey == nil && !whole.isEmpty) {
                let late = try await check(Array(whole.prefix(size)), &streams)
                if !late.isEmpty { try await visit(late) }
                whole.removeFirst(min(size, whole.count))
            }
        } while request.startKey != nil
        return streams
    }

    private func check(_ streams: [Stream], _ counts: inout [StreamConsumer: Int]) async throws -> [Late] {
        let all = consumers.flatMap { consumer in
            streams.compactMap { stream -> Late? in
                let version = consumer.ownEventsOnly ? stream.lastOwn : stream.last
                return version > 0 ? Late(consumer: consumer, aggregateId: stream.aggregateId, cursor: 0, version: version) : nil
            }
        }
        for late in all { counts[late.consumer, default: 0] += 1 }
        return try await stillLate(all)
    }

    private func cursors(_ keys: [String]) async throws -> [String: Int] {
        let items = try await cloud.dynamo.batchGet(names.cursors, keys: keys.map { ["consumer": .s($0)] })
        return Dictionary(
            items.compactMap { item in item["consumer"]?.string.flatMap { key in item["version"]?.int.map { (key, $0) } } },
            uniquingKeysWith: { first, _ in first })
    }

    private func inSegments(_ body: @escaping @Sendable (Int) async throws -> Found) async throws -> Found {
        try await inSegments { (try await body($0), 0) }.0
    }

    private func inSegments(_ body: @escaping @Sendable (Int) async throws -> (Found, Int)) async throws -> (Found, Int) {
        try await withThrowingTaskGroup(of: (Found, Int).self) { group in
            for segment in 0..<Self.segments { group.addTask { try await body(segment) } }
            var all = (Found(), 0)
            for try await (found, count) in group {
                all.0.streams.merge(found.streams, uniquingKeysWith: +)
                all.0.late += found.late
                all.1 += count
            }
            return all
        }
    }
}
