import AWS
import EventSourcing
import EventStore
import Foundation

/// The record of a handover.
public struct Receipt: Sendable, Hashable, Codable {
    public var id: String
    public var kind: String
    public var stack: String
    public var from: String
    public var to: String
    public var at: String
    public var guardrails: [Guardrail]
    public var parity: ParityReport.Verdict?
    public var documents: Int?
    /// Over all shards: the owner's events, and the new owner's.
    public var fromTotals: Totals
    public var toTotals: Totals
    /// From the first seal to the last promotion, by the orchestrator's clock; 0 where an earlier process sealed.
    public var pauseMilliseconds: Double
    public var steps: [String: Double]

    static func key(_ stack: String, _ id: String) -> Item { ["stack": .s(stack), "item": .s("audit#\(id)")] }

    func save(_ dynamo: DynamoDB, fence: Write) async throws {
        var item = Self.key(stack, id)
        item["kind"] = .s(kind)
        item["receipt"] = .s(try StableJSON.encode(self))
        do {
            try await dynamo.transact([.put(StackNames.control, item, if: "attribute_not_exists(#stack)"), fence], tries: 10)
        } catch DynamoDBError.transactionCancelled(let reasons) {
            if reasons.last?.code == "ConditionalCheckFailed" { throw LockLost() }
            // The receipt that an earlier try wrote stays: it measured the pause.
            guard reasons.first?.code == "ConditionalCheckFailed" else { throw DynamoDBError.transactionCancelled(reasons) }
        }
    }

    static func all(_ dynamo: DynamoDB, _ stack: String) async throws -> [Receipt] {
        try await ControlTable(dynamo: dynamo).items(stack, "audit#").compactMap { item in
            item["receipt"]?.string.flatMap { try? JSONDecoder().decode(Receipt.self, from: Data($0.utf8)) }
        }
    }
}
