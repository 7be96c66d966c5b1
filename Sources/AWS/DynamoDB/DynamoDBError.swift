/// Why a transaction's action was not carried out, or `None` where it was another's fault.
public struct CancellationReason: Sendable, Hashable, CustomStringConvertible {
    /// `None`, `ConditionalCheckFailed`, `TransactionConflict`, `ItemCollectionSizeLimitExceeded`,
    /// `ProvisionedThroughputExceeded`, `ThrottlingError` or `ValidationError`.
    public var code: String
    public var message: String?
    /// The item as it was found, where its condition failed; nil where there was none.
    public var item: Item?

    public init(code: String, message: String? = nil, item: Item? = nil) {
        self.code = code
        self.message = message
        self.item = item
    }

    public var description: String { message.map { "\(code) (\($0))" } ?? code }
}

extension [CancellationReason] {
    /// Whether only other transactions, or throttling, stood in the way: the same transaction may succeed in a moment.
    var isContention: Bool {
        let codes = Set(map(\.code)).subtracting(["None"])
        return !codes.isEmpty && codes.isSubset(of: ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
    }
}

/// A conditional write that DynamoDB understood and did not carry out.
public enum DynamoDBError: Error, Sendable, Hashable, CustomStringConvertible {
    /// With the item as it was found; nil where there was none.
    case conditionFailed(item: Item?)
    /// One reason per action, in the order of the writes.
    case transactionCancelled([CancellationReason])

    public var description: String {
        switch self {
        case .conditionFailed(let item):
            return item == nil ? "the condition failed: there is no such item" : "the condition failed on the item"
        case .transactionCancelled(let reasons):
            let named = reasons.enumerated().filter { $0.element.code != "None" }
            let list = named.map { "action \($0.offset + 1): \($0.element)" }.joined(separator: ", ")
            return "the transaction was cancelled: \(list.isEmpty ? "no reason given" : list)"
        }
    }
}

extension DynamoDBError {
    /// nil where the error is another.
    init?(_ error: AWSError) {
        switch error.code {
        case "ConditionalCheckFailedException":
            let item = try? JSONReader.read(error.body) { try $0.member("Item") { try $0.optionalItem() } }
            self = .conditionFailed(item: item ?? nil)
        case "TransactionCanceledException":
            let reasons = try? JSONReader.read(error.body) { try $0.member("CancellationReasons") { try $0.reasons() } }
            self = .transactionCancelled((reasons ?? nil) ?? [])
        default: return nil
        }
    }
}

extension JSONReader {
    /// The member's value; nil where there is none of that name.
    fileprivate mutating func member<Value>(
        _ wanted: String, _ read: (inout JSONReader) throws -> Value?
    ) throws -> Value? {
        var found: Value?
        try object { name, reader in
            if name == wanted { found = try read(&reader) } else { try reader.skip() }
        }
        return found
    }

    fileprivate mutating func reasons() throws -> [CancellationReason] {
        var reasons: [CancellationReason] = []
        try array { reader in
            var reason = CancellationReason(code: "None")
            try reader.object { name, reader in
                switch name {
                case "Code": reason.code = try reader.json().string ?? "None"
                case "Message": reason.message = try reader.json().string
                case "Item": reason.item = try reader.optionalItem()
                default: try reader.skip()
                }
            }
            reasons.append(reason)
        }
        return reasons
    }
}
