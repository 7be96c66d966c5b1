import AWS
import EventSourcing
import EventStore

/// The tables of one benchmark: a stack of its own with a source release, and a target release for each copy.
struct Tables: Sendable {
    let dynamo: DynamoDB
    /// The events table that is copied, where it isn't the stack's own.
    let given: String?

    /// - Parameters:
    ///   - endpoint: of a store on this machine; without it the environment says where the store is, as to AWS's own tools.
    ///   - wrap: put around the transport.
    init(endpoint: String?, given: String?, wrap: ((any HTTPTransport) -> any HTTPTransport)? = nil) throws {
        var configuration: AWSConfiguration
        if let endpoint {
            configuration = AWSConfiguration(
                region: "us-east-1", credentials: StaticCredentials(accessKeyId: "test", secretAccessKey: "test"),
                endpoints: EndpointResolver(forAll: try Endpoint(endpoint)))
        } else {
            configuration = try AWSConfiguration.resolve()
        }
        // A scan of a large table in a local cloud takes seconds, and others wait behind it.
        configuration.timeout = .seconds(300)
        let transport: any HTTPTransport = AsyncHTTPTransport.shared
        dynamo = DynamoDB(AWSClient(configuration, transport: wrap?(transport) ?? transport))
        self.given = given
    }

    static let stack = StackNames(stack: "replaybench")
    static let shards = ShardMap(count: 64)
    static let source = "src"
    /// As a deployment's first pass (`FirstPass.segments`).
    static let segments = 4

    static var sourceEvents: String { stack.release(source).events }

    var ledger: Ledger {
        Ledger(dynamo: given.map { GivenTable(base: dynamo, table: $0) as any ItemStore } ?? dynamo, names: Self.stack, shards: Self.shards)
    }

    /// All names of targets have the same length, so that requests to one become requests to another.
    static func target(_ number: Int) -> String {
        let text = String(number)
        return "t" + String(repeating: "0", count: max(0, 3 - text.count)) + text
    }

    /// The ledger with heads whose cut every event of the source is before, and the source's table where it is to be made.
    func createSource() async throws {
        try await create(Self.stack.ledger, .string("shard"), .string("item"))
        if given == nil { try await create(Self.sourceEvents, .string("aggregateId"), .number("version")) }
        try await dynamo.batchPut(
            Self.stack.ledger,
            Self.shards.all.map { shard in
                [
                    "shard": .s(ShardMap.key(shard)), "item": .s("head"), "owner": .s(Self.source), "epoch": .int(Int32.max),
                    "events": .int(0), "digest": .int(0), "cutId": .s("cut"), "cutEpoch": .int(Int32.max - 1), "cutEvents": .int(0),
                    "cutDigest": .int(0),
                ]
            })
    }

    func createTarget(_ release: String) async throws {
        let names = Self.stack.release(release)
        try await create(names.events, .string("aggregateId"), .number("version"))
        try await create(names.cursors, .string("consumer"), nil)
    }

    func deleteTarget(_ release: String) async throws {
        let names = Self.stack.release(release)
        for table in [names.events, names.cursors] { try await dynamo.deleteTable(table) }
    }

    func deleteSource() async throws {
        for table in [Self.stack.ledger] + (given == nil ? [Self.sourceEvents] : []) { try await dynamo.deleteTable(table) }
    }

    private func create(_ name: String, _ hash: DynamoDB.KeyAttribute, _ range: DynamoDB.KeyAttribute?) async throws {
        do {
            try await dynamo.createTable(.init(name: name, hashKey: hash, rangeKey: range))
        } catch let error as AWSError where error.isAlreadyExists {
            throw Refusal(
                "table \(name) exists: an earlier benchmark was killed, or another one runs. Delete the tables \(Self.stack.stack)-*, then run it again."
            )
        }
        try await dynamo.waitUntilActive(name)
    }

    /// Writes the events, some streams at a time.
    func fill(with maker: EventMaker) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var begun = 0
            for first in stride(from: 0, to: maker.streams, by: 100) {
                if begun >= 8 { try await group.next() }
                begun += 1
                group.addTask {
                    let items = (first..<min(first + 100, maker.streams)).flatMap { maker.stream($0).map(\.item) }
                    try await dynamo.batchPut(Self.sourceEvents, items)
                }
            }
            try await group.waitForAll()
        }
    }

    /// A table's events: their totals, and a sum over all of their attributes, which doesn't depend on order.
    struct Contents: Sendable, Hashable {
        var totals = Totals.zero
        var all: UInt64 = 0
    }

    func contents(of table: String) async throws -> Contents {
        var contents = Contents()
        var request = DynamoDB.ScanRequest(table: table)
        repeat {
            let page = try await dynamo.scan(request)
            for item in page.items {
                contents.totals.add(try StoredEvent(item: item))
                contents.all &+= Totals.digest(ofFields: AttributeValue.json(item))
            }
            request.startKey = page.lastKey
        } while request.startKey != nil
        return contents
    }
}

/// Something that the benchmark can't do; says why.
struct Refusal: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

/// A store in which the source's events are another table's.
private struct GivenTable: ItemStore {
    let base: DynamoDB
    let table: String

    var clock: ClientClock { base.clock }
    private func real(_ name: String) -> String { name == Tables.sourceEvents ? table : name }

    func getItem(_ table: String, _ key: Item, consistent: Bool, attributes: [String]?) async throws -> Item? {
        try await base.getItem(table, key, consistent: consistent, attributes: attributes)
    }

    func write(_ write: Write) async throws -> Item? { try await base.write(write) }
    func transact(_ writes: [Write], token: String?) async throws { try await base.transact(writes, token: token) }
    func query(_ request: DynamoDB.QueryRequest) async throws -> DynamoDB.Page { try await base.query(renamed(request)) }
    func scan(_ request: DynamoDB.ScanRequest) async throws -> DynamoDB.Page { try await base.scan(renamed(request)) }

    func queryEncoded(_ request: DynamoDB.QueryRequest) async throws -> DynamoDB.EncodedPage {
        try await base.queryEncoded(renamed(request))
    }

    func scanEncoded(_ request: DynamoDB.ScanRequest) async throws -> DynamoDB.EncodedPage { try await base.scanEncoded(renamed(request)) }

    func batchGet(_ table: String, keys: [Item], consistent: Bool) async throws -> [Item] {
        try await base.batchGet(table, keys: keys, consistent: consistent)
    }

    func batchPut(_ table: String, _ items: [Item]) async throws { try await base.batchPut(table, items) }
    func batchPut(_ table: String, encoded items: [EncodedItem]) async throws { try await base.batchPut(table, encoded: items) }
    func batchDelete(_ table: String, keys: [Item]) async throws { try await base.batchDelete(table, keys: keys) }

    private func renamed(_ request: DynamoDB.QueryRequest) -> DynamoDB.QueryRequest {
        var request = request
        request.table = real(request.table)
        return request
    }

    private func renamed(_ request: DynamoDB.ScanRequest) -> DynamoDB.ScanRequest {
        var request = request
        request.table = real(request.table)
        return request
    }
}
