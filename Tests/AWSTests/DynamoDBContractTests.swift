import AWS
import Foundation
import TestSupport
import Testing

@Suite(.localCloud) struct DynamoDBContractTests {
    /// A table with the keys `id` and `n`, and an index by `kind`.
    func withTable(_ body: (DynamoDB, String) async throws -> Void) async throws {
        let dynamo = DynamoDB(try await CloudFixture.client())
        let name = CloudFixture.uniqueName("table")
        try await dynamo.createTable(
            .init(
                name: name, hashKey: .string("id"), rangeKey: .number("n"),
                indexes: [.init(name: "by-kind", hashKey: .string("kind"), rangeKey: .string("id"))],
                deletionProtection: false, tags: ["immutable-stack:stack": "t"]))
        try await dynamo.waitUntilActive(name)
        try await body(dynamo, name)
        try await dynamo.deleteTable(name)
        try await dynamo.waitUntilGone(name)
    }

    func key(_ id: String, _ n: Int) -> Item { ["id": .s(id), "n": .int(n)] }

    @Test func `every type of value comes back as it was put`() async throws {
        try await withTable { dynamo, table in
            var item = key("all", 1)
            item["text"] = "quote \" backslash \\ newline \n tab \t ünï 🚚 \u{01}"
            item["number"] = .n("12345678901234567890.12345")
            item["yes"] = true
            item["nothing"] = .null
            item["bytes"] = .b([0, 255, 7])
            item["list"] = .l(["a", 1, .l([])])
            item["map"] = .m(["a": .m([:]), "b": false])
            item["names"] = .ss(["x", "y"])
            item["empty"] = ""
            try await dynamo.write(.put(table, item))
            #expect(try await dynamo.getItem(table, key("all", 1)) == item)
            #expect(try await dynamo.getItem(table, key("all", 2)) == nil)
            #expect(
                try await dynamo.getItem(table, key("all", 1), attributes: ["yes", "empty"]) == [
                    "yes": true, "empty": "",
                ])
        }
    }

    @Test func `a failed condition gives the item that was found`() async throws {
        try await withTable { dynamo, table in
            let put = Write.put(table, key("a", 1), if: "attribute_not_exists(#id)")
            try await dynamo.write(put)
            await #expect(throws: DynamoDBError.conditionFailed(item: key("a", 1))) { try await dynamo.write(put) }
            await #expect(throws: DynamoDBError.conditionFailed(item: nil)) {
                try await dynamo.write(.delete(table, key("b", 1), if: "attribute_exists(#id)"))
            }
        }
    }

    @Test func `an update returns the new attributes`() async throws {
        try await withTable { dynamo, table in
            let add = Write.update(
                table, key("sum", 1), "ADD #events :one, #digest :digest SET #owner = :owner",
                values: [":one": 1, "digest": .int(UInt64.max), ":owner": "r1"])
            try await dynamo.write(add)
            let item = try #require(try await dynamo.write(add))
            #expect(item["events"]?.int == 2)
            #expect(item["digest"]?.integer(UInt128.self) == UInt128(UInt64.max) * 2)
            #expect(item["owner"]?.string == "r1")
        }
    }

    @Test func `a transaction writes all or says why not, action by action`() async throws {
        try await withTable { dynamo, table in
            try await dynamo.transact([
                .put(table, key("t", 1), if: "attribute_not_exists(#id)"),
                .update(table, key("head", 0), "SET #owner = :o", values: [":o": "r1"]),
            ])
            do {
                try await dynamo.transact([
                    .put(table, key("t", 2)),
                    .put(table, key("t", 1), if: "attribute_not_exists(#id)"),
                    .check(table, key("head", 0), if: "#owner = :o", values: [":o": "r2"]),
                    .delete(table, key("none", 0)),
                ])
                Issue.record("the transaction should have been cancelled")
            } catch DynamoDBError.transactionCancelled(let reasons) {
                #expect(
                    reasons.map(\.code) == ["None", "ConditionalCheckFailed", "ConditionalCheckFailed", "None"])
                #expect(reasons[1].item == key("t", 1))
                #expect(reasons[2].item?["owner"] == "r1")
            }
            #expect(try await dynamo.getItem(table, key("t", 2)) == nil)
        }
    }

    @Test func `a transaction that is repeated with its token is carried out once`() async throws {
        try await withTable { dynamo, table in
            let writes = [Write.update(table, key("c", 0), "ADD #count :one", values: [":one": 1])]
            let token = CloudFixture.uniqueName("token")
            try await dynamo.transact(writes, token: token)
            try await dynamo.transact(writes, token: token)
            #expect(try await dynamo.getItem(table, key("c", 0))?["count"]?.int == 1)
        }
    }

    @Test func `more actions than a transaction takes are refused here`() async throws {
        let dynamo = DynamoDB(try await CloudFixture.client())
        await #expect(throws: InvalidRequest.self) {
            try await dynamo.transact((0...100).map { .put("t", key("a", $0)) })
        }
        await #expect(throws: InvalidRequest.self) {
            try await dynamo.write(.check("t", key("a", 1), if: "attribute_exists(#id)"))
        }
    }

    @Test func `a query gives a partition's items in order, page by page`() async throws {
        try await withTable { dynamo, table in
            try await dynamo.batchPut(table, (1...60).map { key("q", $0) } + [key("other", 1)])
            var query = DynamoDB.QueryRequest(
                table: table, keyCondition: "#id = :id AND #n > :n", values: [":id": "q", ":n": 10], limit: 7)
            let first = try await dynamo.query(query)
            #expect(first.items.map { $0["n"]?.int } == Array(11...17))
            #expect(first.lastKey != nil)
            #expect(try await dynamo.queryAll(query).map { $0["n"]?.int } == Array(11...60))
            query.ascending = false
            #expect(try await dynamo.query(query).items.first?["n"]?.int == 60)
            query.filter = "#n < :most"
            query.values["most"] = 13
            query.attributes = ["n"]
            #expect(try await dynamo.queryAll(query) == [["n": 12], ["n": 11]])
        }
    }

    @Test func `an index is queried without consistency`() async throws {
        try await withTable { dynamo, table in
            try await dynamo.batchPut(
                table, (1...3).map { key("i\($0)", 1).merging(["kind": $0 == 2 ? "b" : "a"]) { $1 } })
            let found = try await dynamo.queryAll(
                .init(table: table, index: "by-kind", keyCondition: "#kind = :k", values: [":k": "a"]))
            #expect(found.map { $0["id"]?.string } == ["i1", "i3"])
        }
    }

    @Test func `the segments of a scan together give every item once`() async throws {
        try await withTable { dynamo, table in
            let keys = (0..<130).map { key("s\($0 % 20)", $0) }
            try await dynamo.batchPut(table, keys)
            var found: [Item] = []
            for segment in 0..<3 {
                var scan = DynamoDB.ScanRequest(table: table, segment: segment, totalSegments: 3, limit: 10)
                repeat {
                    let page = try await dynamo.scan(scan)
                    found += page.items
                    scan.startKey = page.lastKey
                } while scan.startKey != nil
            }
            #expect(found.count == 130)
            #expect(Set(found) == Set(keys))
            let filtered = try await dynamo.scan(
                .init(table: table, attributes: ["n"], filter: "#n < :n", values: [":n": 2]))
            #expect(Set(filtered.items) == [["n": 0], ["n": 1]])
        }
    }

    @Test func `batches of any size are cut to what DynamoDB takes`() async throws {
        try await withTable { dynamo, table in
            let keys = (0..<230).map { key("b", $0) }
            try await dynamo.batchPut(table, keys)
            #expect(Set(try await dynamo.batchGet(table, keys: keys + keys + [key("none", 0)])) == Set(keys))
            try await dynamo.batchDelete(table, keys: Array(keys.dropFirst()))
            #expect(try await dynamo.batchGet(table, keys: keys) == [keys[0]])
        }
    }

    @Test func `a table is described, protected, backed up and found missing`() async throws {
        try await withTable { dynamo, table in
            let described = try #require(try await dynamo.describeTable(table))
            #expect(described.isActive && described.arn.hasSuffix(":table/\(table)"))
            #expect(described.indexes.map(\.name) == ["by-kind"])
            let error = await #expect(throws: AWSError.self) {
                try await dynamo.createTable(.init(name: table, hashKey: .string("id")))
            }
            #expect(error?.isAlreadyExists == true)

            try await dynamo.updateDeletionProtection(table, true)
            #expect(try await dynamo.describeTable(table)?.deletionProtection == true)
            await #expect(throws: AWSError.self) { try await dynamo.deleteTable(table) }
            try await dynamo.updateDeletionProtection(table, false)

            #expect(try await dynamo.hasPointInTimeRecovery(table) == false)
            try await dynamo.updateContinuousBackups(table, pointInTimeRecovery: true)
            #expect(try await dynamo.hasPointInTimeRecovery(table))
            try await dynamo.tagResource(arn: described.arn, ["more": "yes"])

            #expect(try await dynamo.describeTable(table + "-none") == nil)
            try await dynamo.deleteTable(table + "-none")
            let missing = await #expect(throws: AWSError.self) {
                try await dynamo.getItem(table + "-none", key("a", 1))
            }
            #expect(missing?.isNotFound == true)
        }
    }

    @Test func `a table streams to Kinesis until that is switched off`() async throws {
        let kinesis = Kinesis(try await CloudFixture.client())
        let stream = CloudFixture.uniqueName("stream")
        try await kinesis.createStream(stream, shards: 1)
        let arn = try #require(try await kinesis.waitUntilActive(stream)).arn
        try await withTable { dynamo, table in
            #expect(try await dynamo.kinesisDestinationStatus(table).isEmpty)
            try await dynamo.enableKinesisDestination(table, streamArn: arn)
            try await dynamo.waitUntilDestinationActive(table, streamArn: arn)
            try await dynamo.disableKinesisDestination(table, streamArn: arn)
            try await waitUntil("the destination to be disabled", deadline: .seconds(60)) {
                try await dynamo.kinesisDestinationStatus(table).allSatisfy { $0.status == "DISABLED" }
            }
        }
        try await kinesis.deleteStream(stream)
    }
}
