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
    /// Throws ``NotInDoubt`` and ``NobodyToActAgain``. Returns what the reactor couldn't do after a retry.
    @discardableResult
    public func resolve(_ doubt: Doubt, _ resolution: Resolution) async throws -> [HintAnswer.Fault] {
        let key: Item = ["reactor": .s(doubt.reactor), "eventId": .s(doubt.eventId)]
        let table = StackNames(stack: stack).effects
        let state: EffectClaim.State = resolution == .done ? .done : .retry
        let listed: Item = ["stack": .s(stack), "item": .s("doubt#\(doubt.reactor)#\(doubt.eventId)")]
        let resolving: [Write] = [
            .update(
                table, key, "SET #state = :state", if: "#state = :doubt",
                values: [":state": .s(state.rawValue), ":doubt": .s(EffectClaim.State.inDoubt.rawValue)]),
            .delete(StackNames.control, listed),
        ]
        guard resolution == .retry else {
            try await transact(resolving, doubt)
            return []
        }
        let again = try await again(doubt, release: try await cloud.dynamo.getItem(table, key)?["release"]?.string)
        while try await !transact(resolving + [try await takingBack(again)], doubt) {}
        return try await FunctionCall(cloud: cloud).hint(again.function, [again.aggregateId])
    }

    /// The cursor stands right before the event then, or where it was, if that is earlier: another effect may be owed there.
    private func takingBack(_ again: Again) async throws -> Write {
        let version = try await cloud.dynamo.getItem(again.cursors, again.cursor)?["version"]?.int
        let isAsRead = version == nil ? "attribute_not_exists(#version)" : "#version = :read"
        let read: Item = version.map { [":read": .int($0)] } ?? [:]
        guard let version, version >= again.version else { return .check(again.cursors, again.cursor, if: isAsRead, values: read) }
        return .update(
            again.cursors, again.cursor, "SET #version = :version", if: isAsRead,
            values: read.merging([":version": .int(again.version - 1)]) { _, new in new })
    }

    /// `false` where the cursor moved after it was read.
    @discardableResult
    private func transact(_ writes: [Write], _ doubt: Doubt) async throws -> Bool {
        do {
            try await cloud.dynamo.transact(writes, tries: 10)
            return true
        } catch DynamoDBError.transactionCancelled(let reasons) {
            if reasons.first?.code == "ConditionalCheckFailed" { throw NotInDoubt(reactor: doubt.reactor, eventId: doubt.eventId) }
            guard reasons.last?.code == "ConditionalCheckFailed" else { throw DynamoDBError.transactionCancelled(reasons) }
            return false
        }
    }

    /// Where an act is done again.
    private struct Again {
        var aggregateId: String
        var version: Int
        var cursors: String
        var cursor: Item
        var function: String
    }

    private func again(_ doubt: Doubt, release: String?) async throws -> Again {
        let view = try await StackView.load(cloud, stack)
        guard let release, let record = view.release(release), record.state.hasResources, let position = EventPosition(doubt.position),
            let reactor = Blueprint(record).reactors.first(where: { $0.name == doubt.reactor })
        else { throw NobodyToActAgain(doubt: doubt, release: release) }
        return Again(
            aggregateId: position.aggregateId, version: position.version, cursors: record.names.cursors,
            cursor: ["consumer": .s(CursorKey.reactor(doubt.reactor, position.aggregateId))], function: reactor.function)
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
