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
    /// Compared documents as a share of those that should be: 0 to 1.
    public var coverage: Double?
    /// Read models that weren't compared, with the reason.
    public var unchecked: [String: String]?
    /// What the replay set aside; absent where nothing was.
    public var quarantine: ReplayQuarantine?
    /// What was compared once more in the pause.
    public var recheck: RecheckFigures?
    /// Over all shards: the owner's events, and the new owner's.
    public var fromTotals: Totals
    public var toTotals: Totals
    /// From the first seal to the last promotion, by the orchestrator's clock; 0 where an earlier process sealed.
    public var pauseMilliseconds: Double
    public var steps: [String: Double]

    package init(
        id: String, kind: String, stack: String, from: String, to: String, at: String, guardrails: [Guardrail],
        parity: ParityReport.Verdict? = nil, documents: Int? = nil, coverage: Double? = nil, unchecked: [String: String]? = nil,
        recheck: RecheckFigures? = nil, quarantine: ReplayQuarantine? = nil, fromTotals: Totals, toTotals: Totals,
        pauseMilliseconds: Double,
        steps: [String: Double]
    ) {
        self.id = id
        self.kind = kind
        self.stack = stack
        self.from = from
        self.to = to
        self.at = at
        self.guardrails = guardrails
        self.parity = parity
        self.documents = documents
        self.coverage = coverage
        self.unchecked = unchecked
        self.quarantine = quarantine
        self.recheck = recheck
        self.fromTotals = fromTotals
        self.toTotals = toTotals
        self.pauseMilliseconds = pauseMilliseconds
        self.steps = steps
    }

    static func key(_ stack: String, _ id: String) -> Item { ["stack": .s(stack), "item": .s("audit#\(id)")] }

    func save(_ dynamo: any ItemStore, fence: Write) async throws {
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

    /// The receipt of a handover that is complete.
    static func of(_ record: HandoverRecord, in view: StackView) async throws -> Receipt? {
        try await view.cloud.dynamo.getItem(StackNames.control, key(view.stack, record.id)).flatMap(decode)
    }

    private static func decode(_ item: Item) -> Receipt? {
        item["receipt"]?.string.flatMap { try? JSONDecoder().decode(Receipt.self, from: Data($0.utf8)) }
    }

    static func all(_ dynamo: any ItemStore, _ stack: String) async throws -> [Receipt] {
        try await dynamo.controlItems(stack, "audit#").compactMap(decode)
    }
}
