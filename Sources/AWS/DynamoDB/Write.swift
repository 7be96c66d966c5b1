/// One write. In conditions and update expressions every `#token` (letters, digits, underscores) stands for the attribute `token`, and
/// `:name` for a value of `values`. All of `values` must be used: DynamoDB refuses a value that no expression mentions.
public struct Write: Sendable, Hashable {
    public enum Action: Sendable, Hashable {
        case put(Item)
        case update(key: Item, expression: String)
        case delete(key: Item)
        /// Changes nothing. Only in a transaction.
        case check(key: Item)
    }

    public var table: String
    public var action: Action
    public var condition: String?
    public var values: Item

    public static func put(
        _ table: String, _ item: Item, if condition: String? = nil, values: Item = [:]
    ) -> Write {
        Write(table: table, action: .put(item), condition: condition, values: values)
    }

    public static func update(
        _ table: String, _ key: Item, _ expression: String, if condition: String? = nil, values: Item = [:]
    ) -> Write {
        Write(table: table, action: .update(key: key, expression: expression), condition: condition, values: values)
    }

    public static func delete(
        _ table: String, _ key: Item, if condition: String? = nil, values: Item = [:]
    ) -> Write {
        Write(table: table, action: .delete(key: key), condition: condition, values: values)
    }

    public static func check(_ table: String, _ key: Item, if condition: String, values: Item = [:]) -> Write {
        Write(table: table, action: .check(key: key), condition: condition, values: values)
    }

    /// Its name in a transaction.
    var actionName: String {
        switch action {
        case .put: "Put"
        case .update: "Update"
        case .delete: "Delete"
        case .check: "ConditionCheck"
        }
    }
}

extension JSONWriter {
    /// The members that a write has both alone and in a transaction.
    mutating func members(of write: Write) {
        var expressions = Expressions(values: write.values)
        member("TableName", write.table)
        switch write.action {
        case .put(let item):
            name("Item")
            self.item(item)
        case .update(let key, let expression):
            name("Key")
            item(key)
            member("UpdateExpression", expression)
            expressions.use(expression)
        case .delete(let key), .check(let key):
            name("Key")
            item(key)
        }
        if let condition = write.condition {
            member("ConditionExpression", condition)
            member("ReturnValuesOnConditionCheckFailure", "ALL_OLD")
            expressions.use(condition)
        }
        self.expressions(expressions)
    }
}
