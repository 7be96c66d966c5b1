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
        try await ControlTable(dynamo: cloud.dynamo).items(stack, "doubt#").map { item in
            Doubt(
                reactor: item["reactor"]?.string ?? "?", eventId: item["eventId"]?.string ?? "?", position: item["position"]?.string ?? "?",
                type: item["type"]?.string ?? "?", since: item["since"]?.string ?? "?")
        }
    }

    /// Resolves one effect in doubt. A retry takes the reactor's cursor back, so that the act happens now.
    public func resolve(_ doubt: Doubt, _ resolution: Resolution) async throws {
        let key: Item = ["reactor": .s(doubt.reactor), "eventId": .s(doubt.eventId)]
        let table = StackNames(stack: stack).effects
        let state: EffectClaim.State = resolution == .done ? .done : .retry
        let listed: Item = ["stack": .s(stack), "item": .s("doubt#\(doubt.reactor)#\(doubt.eventId)")]
        let release = try await cloud.dynamo.getItem(table, key)?["release"]?.string
        do {
            try await cloud.dynamo.transact([
                .update(
                    table, key, "SET #state = :state", if: "#state = :doubt",
                    values: [":state": .s(state.rawValue), ":doubt": .s(EffectClaim.State.inDoubt.rawValue)]),
                .delete(StackNames.control, listed),
            ])
        } catch DynamoDBError.transactionCancelled {
            throw NothingToHandOver(stack: stack, problem: "the effect of \(doubt.reactor) for \(doubt.eventId) is no longer in doubt")
        }
        guard resolution == .retry, let release else { return }
        try await actAgain(doubt, release)
    }

    private func actAgain(_ doubt: Doubt, _ release: String) async throws {
        let view = try await StackView.load(cloud, stack)
        guard let record = view.release(release), let at = doubt.position.lastIndex(of: "@"),
            let version = Int(doubt.position[doubt.position.index(after: at)...]),
            let reactor = Blueprint(record).reactors.first(where: { $0.name == doubt.reactor })
        else { return }
        let aggregateId = String(doubt.position[..<at])
        let cursor: Item = ["consumer": .s(CursorKey.reactor(doubt.reactor, aggregateId))]
        try await cloud.dynamo.write(
            .update(record.names.cursors, cursor, "SET #version = :version", values: [":version": .int(version - 1)]))
        try await FunctionCall(cloud: cloud).hint(reactor.function, [aggregateId])
    }
}
