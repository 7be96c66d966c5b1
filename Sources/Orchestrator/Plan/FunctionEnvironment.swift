import EventStore
import Foundation
import StackDescription

/// The environment variables that a function gets beside those of the manifest.
struct FunctionEnvironment: Sendable {
    let stack: Stack
    let names: ReleaseNames
    let counterpart: String?
    /// The functions that the bus wakes.
    let consumers: [String]

    func variables(of part: ReleaseFunction) -> [String: String] {
        let stackNames = StackNames(stack: stack.name)
        var variables = stack.functions.environment
        variables["IMMUTABLE_STACK"] = stack.name
        variables["IMMUTABLE_RELEASE"] = names.release
        variables["IMMUTABLE_LEDGER_SHARDS"] = String(stack.eventStore.ledgerShards)
        variables["IMMUTABLE_CONTROL_TABLE"] = StackNames.control
        variables["IMMUTABLE_LEDGER_TABLE"] = stackNames.ledger
        variables["IMMUTABLE_EFFECTS_TABLE"] = stackNames.effects
        variables["IMMUTABLE_EVENTS_TABLE"] = names.events
        variables["IMMUTABLE_CURSORS_TABLE"] = names.cursors
        switch part.role {
        case .command(let route):
            variables["IMMUTABLE_ROUTE"] = route.description
            variables["IMMUTABLE_CONSUMERS"] = consumers.joined(separator: ",")
        case .query(let model):
            variables["IMMUTABLE_READ_MODEL"] = model.name
            variables["IMMUTABLE_READ_MODEL_TABLE"] = names.readModel(model.name)
            variables["IMMUTABLE_ROUTES"] = routes(of: model)
        case .projector(let model):
            variables["IMMUTABLE_READ_MODEL"] = model.name
            variables["IMMUTABLE_READ_MODEL_TABLE"] = names.readModel(model.name)
        case .reactor(let inDoubt):
            variables["IMMUTABLE_AFTER_CRASH"] = inDoubt.rawValue
            variables["IMMUTABLE_MAIL_SENDER"] = stack.mail?.sender
        case .replay, .replicator, .returnReplicator:
            variables["IMMUTABLE_COUNTERPART"] = counterpart
            variables["IMMUTABLE_TRANSFORM"] = stack.transform?.name
        case .release, .mapping:
            break
        }
        return variables
    }

    private func routes(of model: ReadModel) -> String {
        struct Served: Encodable {
            var route: String
            var index: String?
            var attribute: String?
        }
        let served = model.serves.map { query in
            let index = query.listing.flatMap { name in model.indexes.first { $0.name == name } }
            return Served(route: query.route.description, index: index?.name, attribute: index?.key)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(served)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }
}
