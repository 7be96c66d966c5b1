import AWS
import EventSourcing
import EventStore
import Foundation

/// The effects in doubt of a stack: acts that may have been done or not. A person decides.
public struct EffectList: Sendable {
    public let cloud: Cloud
    public let stack: String

    public init(cloud: Cloud, stack: String) {
        self.cloud = cloud
        self.stack = stack
    }

    public struct Doubt: Sendable, Hashable, Codable {
        public var reactor: String
        public var eventId: String
        /// `aggregateId@version`.
        public var position: String
        public var type: String
        public var since: String
    }

    public enum Resolution: Sendable {
        /// It was done: nothing more happens.
        case done
        /// It wasn't: act again.
        case retry
    }

    public func inDoubt() async throws -> [Doubt] {
        try await cloud.dynamo.controlItems(stack, "doubt#").map { item in
            Doubt(
                reactor: item["reactor"]?.string ?? "?", eventId: item["eventId"]?.string ?? "?", position: item["position"]?.string ?? "?",
                type: item["type"]?.string ?? "?", since: item["since"]?.string ?? "?")
        }
    }

    /// Resolves one effect in doubt. A retry takes the reactor's cursor back in the same transaction, so that the act is owed until it is done.
    public func resolve(_ doubt: Doubt, _ resolution: Resolution) async throws {
        let key: Item = ["reactor": .s(doubt.reactor), "eventId": .s(doubt.eventId)]
        let table = StackNames(stack: stack).effects
        let state: EffectClaim.State = resolution == .done ? .done : .retry
        let listed: Item = ["stack": .s(stack), "item": .s("doubt#\(doubt.reactor)#\(doubt.eventId)")]
        var writes: [Write] = [
            .update(
                table, key, "SET #state = :state", if: "#state = :doubt",
                values: [":state": .s(state.rawValue), ":doubt": .s(EffectClaim.State.inDoubt.rawValue)]),
            .delete(StackNames.control, listed),
        ]
        var again: Again?
        if resolution == .retry {
            let found = try await self.again(doubt, release: try await cloud.dynamo.getItem(table, key)?["release"]?.string)
            let cursor: Item = ["consumer": .s(CursorKey.reactor(doubt.reactor, found.aggregateId))]
            writes.append(
                .update(found.cursors, cursor, "SET #version = :version", values: [":version": .int(found.version - 1)]))
            again = found
        }
        do {
            try await cloud.dynamo.transact(writes, tries: 10)
        } catch DynamoDBError.transactionCancelled(let reasons) where reasons.first?.code == "ConditionalCheckFailed" {
            throw NotInDoubt(reactor: doubt.reactor, eventId: doubt.eventId)
        }
        if let again { try await FunctionCall(cloud: cloud).hint(again.function, [again.aggregateId]) }
    }

    /// Where an act is done again.
    private struct Again {
        var aggregateId: String
        var version: Int
        var cursors: String
        var function: String
    }

    private func again(_ doubt: Doubt, release: String?) async throws -> Again {
        let view = try await StackView.load(cloud, stack)
        guard let release, let record = view.release(release), record.state.hasResources, let at = doubt.position.lastIndex(of: "@"),
            let version = Int(doubt.position[doubt.position.index(after: at)...]),
            let reactor = Blueprint(record).reactors.first(where: { $0.name == doubt.reactor })
        else { throw NobodyToActAgain(doubt: doubt, release: release) }
        return Again(
            aggregateId: String(doubt.position[..<at]), version: version, cursors: record.names.cursors, function: reactor.function)
    }
}

/// An effect that someone resolved already.
public struct NotInDoubt: Error, Sendable, CustomStringConvertible {
    public var reactor: String
    public var eventId: String

    public var description: String { "the effect of \(reactor) for event \(eventId) is no longer in doubt. Nothing was changed." }
}

/// An effect whose release is gone.
public struct NobodyToActAgain: Error, Sendable, CustomStringConvertible {
    public var doubt: EffectList.Doubt
    public var release: String?

    public var description: String {
        "the release \(release ?? "?") that owes the effect of \(doubt.reactor) for \(doubt.position) is gone. It stays in doubt: act by hand, then resolve it with --done."
    }
}
