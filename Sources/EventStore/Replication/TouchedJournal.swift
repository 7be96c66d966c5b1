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
    /// Entries that one call removes.
    private static let removedTogether = 1_000

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

    /// The keys of all that there are now. Memory: a page, and the keys.
    public func keys() async throws -> Keys {
        try await withThrowingTaskGroup(of: Keys.self) { group in
            for number in 0..<Self.partitions {
                group.addTask {
                    var found = Keys()
                    try await eachPage(of: number) { page in
                        for key in page { try found.insert(key) }
                    }
                    return found
                }
            }
            return try await group.reduce(into: Keys()) { $0.formUnion($1) }
        }
    }

    /// Those that aren't among `known`. Memory: a page of keys, and these entries.
    ///
    /// Of the known ones only the keys are read, but of all of them: entries are in the order of their writers' clocks, and one that a slow
    /// clock named comes before what is known.
    public func entries(besides known: [Keys]) async throws -> [Entry] {
        if known.allSatisfy(\.isEmpty) { return try await entries() ?? [] }
        return try await withThrowingTaskGroup(of: [Entry].self) { group in
            for number in 0..<Self.partitions {
                group.addTask {
                    var found: [Entry] = []
                    try await eachPage(of: number) { page in
                        let unknown = page.filter { key in !known.contains { $0.contains(key) } }
                        guard !unknown.isEmpty else { return }
                        // One that is gone by now was compared by whoever removed it.
                        let items = try await dynamo.batchGet(table, keys: unknown)
                        found += try items.map(Entry.init)
                    }
                    return found
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    public func remove(_ entries: some Sequence<Entry>) async throws {
        try await dynamo.batchDelete(table, keys: entries.map(\.key))
    }

    /// Some at a time: there may be millions.
    public func remove(_ keys: Keys) async throws {
        for (partition, names) in keys.names {
            var batch: [Item] = []
            for name in names {
                batch.append(["shard": .s(partition), "item": .s(name.text)])
                guard batch.count == Self.removedTogether else { continue }
                try await dynamo.batchDelete(table, keys: batch)
                batch = []
            }
            if !batch.isEmpty { try await dynamo.batchDelete(table, keys: batch) }
        }
    }

    /// Removes all that there is. Memory: one page.
    public func clear() async throws {
        for number in 0..<Self.partitions {
            try await eachPage(of: number) { page in try await dynamo.batchDelete(table, keys: page) }
        }
    }

    /// The keys of one partition, a page at a time.
    private func eachPage(of number: Int, _ visit: ([Item]) async throws -> Void) async throws {
        var request = DynamoDB.QueryRequest(
            table: table, keyCondition: "#shard = :shard", values: [":shard": .s(partition(number))], attributes: ["shard", "item"])
        repeat {
            let page = try await dynamo.query(request)
            if !page.items.isEmpty { try await visit(page.items) }
            request.startKey = page.lastKey
        } while request.startKey != nil
    }
}

extension TouchedJournal {
    /// Which entries, without what they tell: of a candidate that is left alone for a week there may be ten million.
    public struct Keys: Sendable {
        /// By partition.
        fileprivate var names: [String: Set<Name>] = [:]

        public init() {}

        public var count: Int { names.values.reduce(0) { $0 + $1.count } }
        public var isEmpty: Bool { names.values.allSatisfy(\.isEmpty) }

        public mutating func formUnion(_ entries: some Sequence<Entry>) throws {
            for entry in entries { try insert(entry.key) }
        }

        fileprivate mutating func formUnion(_ other: Keys) {
            // Keys of different partitions are taken as they are, without a copy.
            names.merge(other.names) { $0.union($1) }
        }

        fileprivate func contains(_ key: Item) -> Bool {
            guard let (partition, name) = Self.parts(key) else { return false }
            return names[partition]?.contains(name) ?? false
        }

        fileprivate mutating func insert(_ key: Item) throws {
            guard let (partition, name) = Self.parts(key) else { throw OddItem(item: key, attribute: "item") }
            names[partition, default: []].insert(name)
        }

        private static func parts(_ key: Item) -> (partition: String, name: Name)? {
            guard let partition = key["shard"]?.string, let text = key["item"]?.string, let name = Name(text) else { return nil }
            return (partition, name)
        }
    }

    /// An entry's name of at most 32 bytes, in place: a ULID's text on the heap takes three times as much.
    fileprivate struct Name: Sendable, Hashable {
        private var head: UInt128 = 0
        private var tail: UInt128 = 0

        /// `nil` where it doesn't fit, or couldn't be told from what is in front of it.
        init?(_ text: String) {
            guard text.utf8.count <= 32, text.utf8.first != 0 else { return nil }
            for byte in text.utf8 {
                head = head << 8 | tail >> 120
                tail = tail << 8 | UInt128(byte)
            }
        }

        var text: String {
            var bytes: [UInt8] = []
            for word in [head, tail] {
                for index in 0..<16 { bytes.append(UInt8(truncatingIfNeeded: word >> (120 - 8 * index))) }
            }
            return String(decoding: bytes.drop { $0 == 0 }, as: UTF8.self)
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
