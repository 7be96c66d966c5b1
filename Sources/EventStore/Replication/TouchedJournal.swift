import AWS
import EventSourcing

/// Which streams the tail has carried into a candidate since its read models were compared last: one item for each of the tail's transactions,
/// written in it. Whoever compares everything removes what was there before; whoever hands the writes over compares only what is left.
///
/// Kept in the ledger table under keys of its own (`touched/r2/0` …), so that it can be read without a scan.
public struct TouchedJournal: Sendable {
    let dynamo: any ItemStore
    let table: String
    /// The release that follows.
    let release: String

    public init(dynamo: any ItemStore, names: StackNames, release: String) {
        self.dynamo = dynamo
        table = names.ledger
        self.release = release
    }

    /// Partitions: a partition key takes 1,000 write units a second (DynamoDB), and a transaction's item costs two.
    private static let partitions = 4

    /// What one transaction carried, by stream.
    public struct Entry: Sendable, Hashable {
        public var key: Item
        /// In the release that commits.
        public var sources: [String: TouchedSpan]
        /// In the release that follows.
        public var targets: [String: TouchedSpan]

        /// Later entries have greater ones.
        public var order: String { key["item"]?.string ?? "" }
    }

    private func partition(_ number: Int) -> String { "touched/\(release)/\(number)" }

    func entry(of parts: [TailPart], shard: Int) -> Write {
        var sources: [String: TouchedSpan] = [:]
        var targets: [String: TouchedSpan] = [:]
        for part in parts {
            sources[part.backlog.aggregateId] = TouchedSpan(
                after: part.cursor.copy.sourceVersion, upTo: part.batch.copy.sourceVersion)
            for copy in part.batch.copies {
                targets.merge([copy.aggregateId: TouchedSpan(after: copy.version - 1, upTo: copy.version)], uniquingKeysWith: +)
            }
        }
        return .put(
            table,
            [
                "shard": .s(partition(shard % Self.partitions)), "item": .s(ULID.next(dynamo.clock)),
                "sources": .m(sources.mapValues(\.attribute)), "targets": .m(targets.mapValues(\.attribute)),
            ])
    }

    /// All that there are now; `nil` where there are more than `limit`.
    public func entries(limit: Int = .max) async throws -> [Entry]? {
        let dynamo = dynamo
        return try await withThrowingTaskGroup(of: [Entry]?.self) { group in
            for number in 0..<Self.partitions {
                let key = partition(number)
                group.addTask {
                    var found: [Entry] = []
                    var request = DynamoDB.QueryRequest(table: table, keyCondition: "#shard = :shard", values: [":shard": .s(key)])
                    repeat {
                        let page = try await dynamo.query(request)
                        found += try page.items.map(Entry.init)
                        if found.count > limit { return nil }
                        request.startKey = page.lastKey
                    } while request.startKey != nil
                    return found
                }
            }
            var all: [Entry] = []
            for try await some in group {
                guard let some, all.count + some.count <= limit else { return nil }
                all += some
            }
            return all
        }
    }

    public func remove(_ entries: some Sequence<Entry>) async throws {
        try await dynamo.batchDelete(table, keys: entries.map(\.key))
    }

    /// Removes all that there is. Memory: one page.
    public func clear() async throws {
        for number in 0..<Self.partitions {
            var request = DynamoDB.QueryRequest(table: table, keyCondition: "#shard = :shard", values: [":shard": .s(partition(number))])
            repeat {
                let page = try await dynamo.query(request)
                try await dynamo.batchDelete(table, keys: page.items.map { $0.filter { ["shard", "item"].contains($0.key) } })
                request.startKey = page.lastKey
            } while request.startKey != nil
        }
    }
}

extension TouchedJournal.Entry {
    init(_ item: Item) throws {
        guard let shard = item["shard"], let name = item["item"], let sources = item["sources"]?.map, let targets = item["targets"]?.map
        else { throw OddItem(item: item, attribute: "sources, targets") }
        self.init(
            key: ["shard": shard, "item": name], sources: sources.compactMapValues(TouchedSpan.init),
            targets: targets.compactMapValues(TouchedSpan.init))
    }
}

extension Sequence<TouchedJournal.Entry> {
    /// What all of them carried, by stream of the release that commits.
    public var sources: [String: TouchedSpan] { reduce(into: [:]) { $0.merge($1.sources, uniquingKeysWith: +) } }
    /// Likewise of the release that follows.
    public var targets: [String: TouchedSpan] { reduce(into: [:]) { $0.merge($1.targets, uniquingKeysWith: +) } }
}

/// Some versions of a stream: those after one, up to another.
public struct TouchedSpan: Sendable, Hashable, Codable {
    public var after: Int
    public var upTo: Int

    public init(after: Int, upTo: Int) {
        self.after = after
        self.upTo = upTo
    }

    init?(_ attribute: AttributeValue) {
        guard let pair = attribute.list?.compactMap(\.int), pair.count == 2 else { return nil }
        self.init(after: pair[0], upTo: pair[1])
    }

    var attribute: AttributeValue { .l([.int(after), .int(upTo)]) }

    /// Both, and what is between them.
    public static func + (one: TouchedSpan, other: TouchedSpan) -> TouchedSpan {
        TouchedSpan(after: min(one.after, other.after), upTo: max(one.upTo, other.upTo))
    }
}
