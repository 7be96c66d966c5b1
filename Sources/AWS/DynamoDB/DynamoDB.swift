import Foundation

/// DynamoDB's data plane, and of its control plane what a deployment needs.
public struct DynamoDB: Sendable {
    let client: AWSClient

    public init(_ client: AWSClient) {
        self.client = client
    }

    /// - Parameter attributes: only these, where given.
    /// - Returns: nil where there is no such item.
    public func getItem(
        _ table: String, _ key: Item, consistent: Bool = true, attributes: [String]? = nil
    ) async throws -> Item? {
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

    /// One put, update or delete.
    /// - Returns: the item's new attributes after an update, else nil.
    /// - Throws: `DynamoDBError.conditionFailed`. After a retry whose first answer was lost, the condition may have failed because of the
    ///   write's own first try.
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

    /// All of the writes or none, at most 100 on distinct items, in all at most 4 MB (TransactWriteItems).
    /// - Parameter token: makes a repetition of the same request harmless for 10 minutes, at most 36 characters. The retries after throttling,
    ///   5xx and broken connections use the same.
    /// - Parameter tries: a transaction that is cancelled since others hold its items, or by throttling, is tried as often in all, with a pause
    ///   and a new token each time. One of which a condition failed never is.
    /// - Throws: `DynamoDBError.transactionCancelled`.
    public func transact(_ writes: [Write], token: String? = nil, tries: Int = 1) async throws {
        var tried = 1
        while true {
            do {
                return try await transactOnce(writes, token: tried == 1 ? token : nil)
            } catch DynamoDBError.transactionCancelled(let reasons) where tried < tries && reasons.isContention {
                try await client.clock.sleep(client.configuration.retry.delay(after: tried, random: client.clock.random()))
                tried += 1
            }
        }
    }

    private func transactOnce(_ writes: [Write], token: String?) async throws {
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
        let answer: [UInt8]
        do {
            answer = try await client.call(
                .dynamoDB, operation, target: "DynamoDB_20120810", version: "1.0", body: body.bytes)
        } catch let error as AWSError {
            throw DynamoDBError(error).map { $0 as any Error } ?? error
        }
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
