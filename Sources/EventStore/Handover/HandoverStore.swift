import AWS
import EventSourcing
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The handover records of a stack in the control table. Every transition is a conditional write, so it happens once.
public struct HandoverStore: Sendable {
    public let dynamo: any ItemStore
    public let stack: String

    public init(dynamo: any ItemStore, stack: String) {
        self.dynamo = dynamo
        self.stack = stack
    }

    private var currentKey: Item { ["stack": .s(stack), "item": .s("handover")] }

    /// A consistent read; `nil` where there is no such record.
    public func record(_ id: String) async throws -> HandoverRecord? {
        try await dynamo.getItem(StackNames.control, HandoverRecord.key(stack: stack, id: id)).map(HandoverRecord.init(item:))
    }

    /// The stack's latest handover, ended or not.
    public func current() async throws -> HandoverRecord? {
        guard let id = try await dynamo.getItem(StackNames.control, currentKey)?["current"]?.string else { return nil }
        return try await record(id)
    }

    /// Every handover of the stack, oldest first: their ids sort by time.
    public func all() async throws -> [HandoverRecord] {
        try await dynamo.queryAll(
            DynamoDB.QueryRequest(
                table: StackNames.control, keyCondition: "#stack = :stack AND begins_with(#item, :prefix)",
                values: [":stack": .s(stack), ":prefix": .s("cutover#")])
        ).map(HandoverRecord.init(item:))
    }

    /// Creates the record and makes it the current one, only where the previous one has ended. `fence` is checked in the same transaction.
    public func create(_ record: HandoverRecord, fence: Write) async throws {
        let previous = try await current()
        var writes: [Write] = [fence, .put(StackNames.control, record.item(stack: stack), if: "attribute_not_exists(#stack)")]
        let point = "SET #current = :id"
        if let previous {
            guard previous.state.hasEnded else { throw HandoverUnfinished(record: previous) }
            writes.append(
                .update(
                    StackNames.control, currentKey, point, if: "#current = :previous",
                    values: [":id": .s(record.id), ":previous": .s(previous.id)]))
        } else {
            writes.append(
                .update(StackNames.control, currentKey, point, if: "attribute_not_exists(#current)", values: [":id": .s(record.id)]))
        }
        do {
            try await dynamo.transact(writes, tries: 10)
        } catch DynamoDBError.transactionCancelled(let reasons) {
            if reasons.first?.code == "ConditionalCheckFailed" { throw LockLost() }
            if let other = try await current(), other.id != record.id, !other.state.hasEnded { throw HandoverUnfinished(record: other) }
            if try await self.record(record.id) == nil { throw DynamoDBError.transactionCancelled(reasons) }
        }
    }

    /// `sealing → promoting`, the point of no return, with both sides' totals. Returns the record as it is afterwards: `aborted` where someone aborted it first.
    public func decide(_ record: HandoverRecord, fromTotals: [Totals], toTotals: [Totals]) async throws -> HandoverRecord {
        try await transition(
            record, from: .sealing, to: .promoting, set: ", #fromTotals = :fromTotals, #toTotals = :toTotals",
            values: [":fromTotals": HandoverRecord.totalsValue(fromTotals), ":toTotals": HandoverRecord.totalsValue(toTotals)])
    }

    /// `sealing → aborted`. Returns the record as it is afterwards: `promoting` where it was decided first.
    public func abort(_ record: HandoverRecord, because reason: String) async throws -> HandoverRecord {
        try await transition(
            record, from: .sealing, to: .aborted, set: ", #reason = :reason, #endedAt = :now",
            values: [":reason": .s(reason), ":now": .s(Timestamp.format(dynamo.clock.now()))])
    }

    /// `promoting → completed`, once a consistent read showed the new owner on every head.
    public func complete(_ record: HandoverRecord) async throws -> HandoverRecord {
        try await transition(
            record, from: .promoting, to: .completed, set: ", #endedAt = :now", values: [":now": .s(Timestamp.format(dynamo.clock.now()))])
    }

    private func transition(
        _ record: HandoverRecord, from: HandoverRecord.State, to: HandoverRecord.State, set: String, values: Item
    ) async throws -> HandoverRecord {
        let key = HandoverRecord.key(stack: stack, id: record.id)
        let write = Write.update(
            StackNames.control, key, "SET #state = :to" + set, if: "#state = :from",
            values: values.merging([":from": .s(from.rawValue), ":to": .s(to.rawValue)]) { _, new in new })
        // The write's answer shows the record as it is, so that no read of it lengthens the pause.
        let now: Item?
        do {
            now = try await dynamo.write(write)
        } catch DynamoDBError.conditionFailed(let found) {
            now = found
        }
        return try now.map(HandoverRecord.init(item:)) ?? record
    }
}

/// A handover that must be finished before another may start.
public struct HandoverUnfinished: Error, Sendable, CustomStringConvertible {
    public var record: HandoverRecord

    public init(record: HandoverRecord) { self.record = record }

    public var description: String {
        """
        \(record.kind.rawValue) \(record.id) from \(record.from) to \(record.to) is \(record.state.rawValue)\
        \(record.state == .completed ? ", what follows it isn't done" : ""), and has to end first.
        hint: `immutable \(record.kind.rawValue)` of this stack ends it
        """
    }
}
