import AWS
import EventStore

/// The control table `immutable-stack`: deployments, locks and audit of every stack in the account and region.
public struct ControlTable: Sendable {
    public let dynamo: DynamoDB

    public init(dynamo: DynamoDB) { self.dynamo = dynamo }

    /// Creates the table where it is missing, and waits until it can be used.
    public func ensure() async throws {
        if let table = try await dynamo.describeTable(StackNames.control), table.status == "ACTIVE" { return }
        do {
            try await dynamo.createTable(
                DynamoDB.TableDefinition(
                    name: StackNames.control, hashKey: .string("stack"), rangeKey: .string("item"),
                    deletionProtection: true))
        } catch let error as AWSError where error.isAlreadyExists {}
        try await waitUntil("table '\(StackNames.control)' is active", deadline: .seconds(120)) {
            try await dynamo.describeTable(StackNames.control)?.status == "ACTIVE"
        }
    }

    public func exists() async throws -> Bool { try await dynamo.describeTable(StackNames.control) != nil }
}

extension ItemStore {
    /// All items of a stack in the control table.
    func controlItems(_ stack: String) async throws -> [Item] {
        try await queryAll(
            DynamoDB.QueryRequest(table: StackNames.control, keyCondition: "#stack = :stack", values: [":stack": .s(stack)]))
    }

    /// The items of a stack in the control table whose name begins with `prefix`, in order.
    func controlItems(_ stack: String, _ prefix: String) async throws -> [Item] {
        try await queryAll(
            DynamoDB.QueryRequest(
                table: StackNames.control, keyCondition: "#stack = :stack AND begins_with(#item, :prefix)",
                values: [":stack": .s(stack), ":prefix": .s(prefix)]))
    }

    func controlItem(_ stack: String, _ name: String) async throws -> Item? {
        try await getItem(StackNames.control, ["stack": .s(stack), "item": .s(name)])
    }
}
