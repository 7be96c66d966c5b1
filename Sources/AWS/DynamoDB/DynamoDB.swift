#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// DynamoDB's data plane, and of its control plane what a deployment needs.
public struct DynamoDB: ItemStore {
    let client: AWSClient

    /// Single items, transactions and queries take milliseconds: where no answer has come for this long, none will. Three tries are less than a
    /// command function may run, and than a lease.
    static let keyedTimeout: Duration = .seconds(6)
    private static let keyed: Set = [
        "GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems",
    ]

    public init(_ client: AWSClient) {
        self.client = client
    }

    public var clock: ClientClock { client.clock }

    public func getItem(_ table: String, _ key: Item, consistent: Bool, attributes: [String]?) async throws -> Item? {
        var body = JSONWriter()
        body.object { writer in
            writer.member("TableName", table)
            writer.name("Key")
            writer.item(key)
            writer.name("ConsistentRead")
            writer.raw(consistent ? "true" : "false")
            writer.projection(attributes, expressions: Expressions(values: [:]))
        }
        return try await call("GetItem", body) { reader in
            var item: Item?
            try reader.object { name, reader in
                if name == "Item" { item = try reader.optionalItem() } else { try reader.skip() }
            }
            return item
        }
    }

    @discardableResult
    public func write(_ write: Write) async throws -> Item? {
        let operation: String
        switch write.action {
        case .put: operation = "PutItem"
        case .update: operation = "UpdateItem"
        case .delete: operation = "DeleteItem"
        case .check:
            throw InvalidRequest(operation: "DynamoDB write", problem: "a check stands only in a transaction")
        }
        var body = JSONWriter()
        body.object { writer in
            writer.members(of: write)
            if case .update = write.action { writer.member("ReturnValues", "ALL_NEW") }
        }
        return try await call(operation, body) { reader in
            var item: Item?
            try reader.object { name, reader in
                if name == "Attributes" { item = try reader.optionalItem() } else { try reader.skip() }
            }
            return item
        }
    }

    public func transact(_ writes: [Write], token: String?) async throws {
        guard !writes.isEmpty else { return }
        guard writes.count <= 100 else {
            throw InvalidRequest(
                operation: "DynamoDB TransactWriteItems", problem: "\(writes.count) actions; the limit is 100")
        }
        var body = JSONWriter()
        body.object { writer in
            writer.member("ClientRequestToken", token ?? UUID().uuidString)
            writer.name("TransactItems")
            writer.array { writer in
                for write in writes {
                    writer.object { writer in
                        writer.name(write.actionName)
                        writer.object { $0.members(of: write) }
                    }
                }
            }
        }
        try await call("TransactWriteItems", body) { try $0.skip() }
    }

    @discardableResult
    func call<Answer>(
        _ operation: String, _ body: JSONWriter, _ read: (inout JSONReader) throws -> Answer
    ) async throws -> Answer {
        try self.read(operation, try await answer(operation, body), read)
    }

    func answer(_ operation: String, _ body: JSONWriter, retry: RetryRule = .whenTransient) async throws -> [UInt8] {
        let timeout = client.configuration.timeout(of: body.bytes, atMost: Self.keyed.contains(operation) ? Self.keyedTimeout : nil)
        do {
            return try await client.call(
                .dynamoDB, operation, target: "DynamoDB_20120810", version: "1.0", body: body.bytes, timeout: timeout, retry: retry)
        } catch let error as AWSError {
            throw DynamoDBError(error).map { $0 as any Error } ?? error
        }
    }

    func read<Answer>(
        _ operation: String, _ answer: [UInt8], _ read: (inout JSONReader) throws -> Answer
    ) throws -> Answer {
        do {
            return try JSONReader.read(answer, read)
        } catch {
            throw UnexpectedAnswer(service: "DynamoDB", operation: operation, problem: "\(error)")
        }
    }
}

extension JSONWriter {
    /// `ProjectionExpression` where attributes are given, then the expressions' names and values.
    mutating func projection(_ attributes: [String]?, expressions: Expressions) {
        var expressions = expressions
        if let attributes, !attributes.isEmpty { member("ProjectionExpression", expressions.projection(attributes)) }
        self.expressions(expressions)
    }
}
