import AWS
import Foundation
import TestSupport
import Testing

@testable import Simulation

/// What the product relies on in a store, held against the local cloud's DynamoDB and against the simulation's store in memory.
@Suite(.localCloud) struct ItemStoreContractTests {
    enum Backend: CaseIterable, Sendable { case memory, dynamoDB }

    /// A store with a table of the keys `id` and `n` (a number), and one of `id` and `name` (a text).
    private func withTables(_ backend: Backend, _ body: (any ItemStore, _ numbers: String, _ names: String) async throws -> Void)
        async throws
    {
        switch backend {
        case .memory:
            let store = MemoryStore()
            store.createTable("numbers", hashKey: "id", rangeKey: "n")
            store.createTable("names", hashKey: "id", rangeKey: "name")
            try await body(DirectStore(store: store), "numbers", "names")
        case .dynamoDB:
            let endpoint = try await TestCloud.endpoint().endpoint
            let dynamo = DynamoDB(
                AWSClient(
                    AWSConfiguration(
                        region: "eu-north-1", credentials: StaticCredentials(accessKeyId: "test", secretAccessKey: "test"),
                        endpoints: EndpointResolver(forAll: try Endpoint(endpoint))),
                    transport: AsyncHTTPTransport.shared))
            let suffix = UUID().uuidString.prefix(8).lowercased()
            try await dynamo.createTable(.init(name: "numbers-\(suffix)", hashKey: .string("id"), rangeKey: .number("n")))
            try await dynamo.createTable(.init(name: "names-\(suffix)", hashKey: .string("id"), rangeKey: .string("name")))
            try await body(dynamo, "numbers-\(suffix)", "names-\(suffix)")
        }
    }

    private func key(_ id: String, _ n: Int) -> Item { ["id": .s(id), "n": .int(n)] }

    /// Whether a condition lets an item be written.
    private func holds(_ store: any ItemStore, _ table: String, _ key: Item, _ condition: String, _ values: Item = [:]) async throws -> Bool
    {
        do {
            try await store.transact([.check(table, key, if: condition, values: values)])
            return true
        } catch DynamoDBError.transactionCancelled(let reasons) {
            #expect(reasons.map(\.code) == ["ConditionalCheckFailed"])
            return false
        }
    }

    @Test(arguments: Backend.allCases)
    func `conditions hold as the handover reads them`(_ backend: Backend) async throws {
        try await withTables(backend) { store, table, _ in
            let head = key("head", 0)
            try await store.write(
                .put(table, head.merging(["owner": "r1", "epoch": 3, "handover": .m(["id": "h1", "to": "r2"])]) { $1 }))
            #expect(try await holds(store, table, head, "#owner = :o AND #epoch = :e", [":o": "r1", ":e": 3]))
            #expect(try await !holds(store, table, head, "#owner = :o AND #epoch = :e", [":o": "r1", ":e": 4]))
            #expect(try await !holds(store, table, head, "attribute_not_exists(#handover)"))
            #expect(try await holds(store, table, head, "attribute_exists(#handover) AND attribute_not_exists(#outbox)"))
            #expect(try await holds(store, table, head, "#handover.#id = :id", [":id": "h1"]))
            #expect(try await !holds(store, table, head, "#handover.#id = :id", [":id": "h2"]))
            #expect(try await !holds(store, table, head, "#missing.#id = :id", [":id": "h1"]))
            #expect(try await !holds(store, table, head, "#outbox = :o", [":o": "r2"]))
            #expect(try await holds(store, table, head, "attribute_not_exists(#pages) OR #pages = :p", [":p": 0]))
            #expect(try await !holds(store, table, head, "attribute_not_exists(#epoch) OR #epoch = :p", [":p": 0]))
            #expect(try await holds(store, table, head, "NOT #epoch < :p AND #epoch <= :p AND #epoch >= :p", [":p": 3]))
            #expect(try await holds(store, table, key("none", 0), "attribute_not_exists(#id)"))
            #expect(try await !holds(store, table, key("none", 0), "#owner = :o", [":o": "r1"]))
        }
    }

    @Test(arguments: Backend.allCases)
    func `updates set, add, count on and remove in one go, from the item as it was`(_ backend: Backend) async throws {
        try await withTables(backend) { store, table, _ in
            let head = key("head", 0)
            let digest = UInt128(UInt64.max) * 7
            #expect(try await store.write(.put(table, head.merging(["epoch": 1, "outbox": "r2", "digest": 5]) { $1 })) == nil)
            let after = try await store.write(
                .update(
                    table, head,
                    "SET #epoch = #epoch + :one, #cutEpoch = #epoch, #handover = :mark REMOVE #outbox ADD #events :n, #digest :d",
                    if: "#epoch = :old",
                    values: [":one": 1, ":old": 1, ":mark": .m(["id": "h"]), ":n": 2, ":d": .n(String(digest))]))
            #expect(after?["epoch"]?.int == 2 && after?["cutEpoch"]?.int == 1 && after?["events"]?.int == 2)
            #expect(after?["digest"]?.integer(UInt128.self) == digest + 5)
            #expect(after?["outbox"] == nil && after?["handover"] == .m(["id": "h"]))
            #expect(try await store.getItem(table, head) == after)
            let made = try await store.write(.update(table, key("new", 1), "ADD #events :n", values: [":n": 3]))
            #expect(made == key("new", 1).merging(["events": 3]) { $1 })
            #expect(try await store.write(.update(table, key("new", 1), "REMOVE #nothing, #events")) == key("new", 1))
            await #expect(throws: AWSError.self) {
                try await store.write(.update(table, key("new", 1), "SET #a = #missing + :n", values: [":n": 3]))
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func `a failed condition gives the item, and the write nothing`(_ backend: Backend) async throws {
        try await withTables(backend) { store, table, _ in
            let item = key("a", 1).merging(["state": "sealing"]) { $1 }
            try await store.write(.put(table, item, if: "attribute_not_exists(#id)"))
            await #expect(throws: DynamoDBError.conditionFailed(item: item)) {
                try await store.write(.put(table, key("a", 1), if: "attribute_not_exists(#id)"))
            }
            await #expect(throws: DynamoDBError.conditionFailed(item: item)) {
                try await store.write(
                    .update(table, key("a", 1), "SET #state = :to", if: "#state = :from", values: [":to": "x", ":from": "y"]))
            }
            await #expect(throws: DynamoDBError.conditionFailed(item: nil)) {
                try await store.write(.delete(table, key("a", 2), if: "#state = :from", values: [":from": "y"]))
            }
            #expect(try await store.getItem(table, key("a", 1)) == item)
        }
    }

    @Test(arguments: Backend.allCases)
    func `a cancelled transaction gives a reason for each action, in order, and changes nothing`(_ backend: Backend) async throws {
        try await withTables(backend) { store, table, _ in
            let head = key("head", 0).merging(["owner": "r1"]) { $1 }
            let event = key("s", 1).merging(["eventId": "e1"]) { $1 }
            try await store.transact([.put(table, head), .put(table, event)])
            do {
                try await store.transact([
                    .put(table, key("s", 2), if: "attribute_not_exists(#id)"),
                    .put(table, key("s", 1), if: "attribute_not_exists(#id)"),
                    .update(table, key("head", 0), "ADD #events :n", if: "#owner = :o", values: [":n": 1, ":o": "r2"]),
                    .delete(table, key("gone", 0), if: "attribute_exists(#id)"),
                    .put(table, key("s", 3)),
                ])
                Issue.record("the transaction should have been cancelled")
            } catch DynamoDBError.transactionCancelled(let reasons) {
                #expect(
                    reasons.map(\.code) == ["None", "ConditionalCheckFailed", "ConditionalCheckFailed", "ConditionalCheckFailed", "None"])
                #expect(reasons.map(\.item) == [nil, event, head, nil, nil])
            }
            #expect(try await store.queryAll(.init(table: table, keyCondition: "#id = :id", values: [":id": "s"])) == [event])
            try await store.transact([
                .check(table, key("head", 0), if: "#owner = :o", values: [":o": "r1"]), .delete(table, key("s", 1)),
            ])
            #expect(try await store.getItem(table, key("s", 1)) == nil)
        }
    }

    @Test(arguments: Backend.allCases)
    func `two actions on one item, and values that are not used, are refused`(_ backend: Backend) async throws {
        try await withTables(backend) { (store, table, _) async throws in
            await #expect(throws: AWSError.self) {
                try await store.transact([.put(table, key("a", 1)), .delete(table, key("a", 1))])
            }
            await #expect(throws: AWSError.self) {
                try await store.write(.put(table, key("a", 1), if: "#a = :a", values: [":a": 1, ":b": 2]))
            }
            #expect(try await store.getItem(table, key("a", 1)) == nil)
        }
    }

    @Test(arguments: Backend.allCases)
    func `a query gives a stream in the order of its versions, page by page, and backwards`(_ backend: Backend) async throws {
        try await withTables(backend) { store, table, _ in
            try await store.batchPut(table, [3, 12, 1, 2, 11, 10].map { key("s", $0) } + [key("t", 5)])
            var query = DynamoDB.QueryRequest(
                table: table, keyCondition: "#id = :id AND #n > :n", values: [":id": "s", ":n": 1], limit: 2)
            let first = try await store.query(query)
            #expect(first.items.map { $0["n"]?.int } == [2, 3] && first.lastKey == key("s", 3))
            #expect(try await store.queryAll(query).map { $0["n"]?.int } == [2, 3, 10, 11, 12])
            query.ascending = false
            #expect(try await store.queryAll(query).map { $0["n"]?.int } == [12, 11, 10, 3, 2])
            query.values[":n"] = 99
            #expect(try await store.query(query) == DynamoDB.Page(items: []))
        }
    }

    @Test(arguments: Backend.allCases)
    func `a query by the beginning of a name filters after it has counted`(_ backend: Backend) async throws {
        try await withTables(backend) { store, _, table in
            let items: [Item] = ["head", "outbox#1", "outbox#2", "outbox#3", "outbox#4"].map {
                ["id": "0001", "name": .s($0), "from": .s($0 == "outbox#2" ? "r2" : "r1")]
            }
            try await store.batchPut(table, items)
            let query = DynamoDB.QueryRequest(
                table: table, keyCondition: "#id = :id AND begins_with(#name, :prefix)",
                values: [":id": "0001", ":prefix": "outbox#", ":from": "r1"], filter: "#from = :from", limit: 2)
            let first = try await store.query(query)
            #expect(first.items.map { $0["name"] } == ["outbox#1"] && first.lastKey?["name"] == "outbox#2")
            #expect(try await store.queryAll(query).map { $0["name"] } == ["outbox#1", "outbox#3", "outbox#4"])
        }
    }

    @Test(arguments: Backend.allCases)
    func `a scan in pages shows each item once, and each segment its own`(_ backend: Backend) async throws {
        try await withTables(backend) { store, table, _ in
            let keys = (0..<40).map { key("s\($0 % 7)", $0) }
            try await store.batchPut(table, keys)
            var found: [Item] = []
            for segment in 0..<2 {
                var scan = DynamoDB.ScanRequest(table: table, segment: segment, totalSegments: 2, limit: 6)
                repeat {
                    let page = try await store.scan(scan)
                    found += page.items
                    scan.startKey = page.lastKey
                } while scan.startKey != nil
            }
            #expect(found.count == 40 && Set(found) == Set(keys))
            let some = try await store.batchGet(table, keys: [keys[3], keys[3], keys[9], key("none", 1)])
            #expect(Set(some) == [keys[3], keys[9]] && some.count == 2)
            try await store.batchDelete(table, keys: Array(keys.dropFirst()) + [key("none", 1)])
            #expect(try await store.scan(.init(table: table, attributes: ["n"])).items == [["n": 0]])
        }
    }
}
