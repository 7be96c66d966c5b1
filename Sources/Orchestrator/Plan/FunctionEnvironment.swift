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
    /// The functions that the replay itself hands streams to; none where the process that deploys does.
    let projectors: [String]
    /// Where search indexes are.
    let searchEndpoint: String?

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
            variables.merge(store(of: model)) { $1 }
            variables["IMMUTABLE_ROUTES"] = routes(of: model)
            variables["IMMUTABLE_PROJECTION"] = model.projection
        case .projector(let model):
            variables.merge(store(of: model)) { $1 }
        case .reactor(let inDoubt):
            variables["IMMUTABLE_AFTER_CRASH"] = inDoubt.rawValue
            variables["IMMUTABLE_MAIL_SENDER"] = stack.mail?.sender
        case .replay, .replicator, .returnReplicator:
            variables["IMMUTABLE_COUNTERPART"] = counterpart
            if part.role == .replay, !projectors.isEmpty { variables["IMMUTABLE_PROJECTORS"] = projectors.joined(separator: ",") }
            variables["IMMUTABLE_TRANSFORM"] = stack.transform?.name
        case .release, .mapping:
            break
        }
        return variables
    }

    private func store(of model: ReadModel) -> [String: String] {
        var variables = ["IMMUTABLE_READ_MODEL": model.name]
        if model.isIndex {
            variables["IMMUTABLE_READ_MODEL_INDEX"] = names.readModel(model.name)
            variables[Cloud.searchVariable] = searchEndpoint
        } else {
            variables["IMMUTABLE_READ_MODEL_TABLE"] = names.readModel(model.name)
        }
        return variables
    }

    private func routes(of model: ReadModel) -> String {
        struct Search: Encodable {
            var fields: [String]
            /// To their kinds.
            var filters: [String: String]
            var sorts: [String]
            var pageSize: Int
        }
        struct Served: Encodable {
            var route: String
            var index: String?
            var attribute: String?
            var search: Search?
        }
        let kinds = Dictionary((model.mapping ?? []).map { ($0.path, $0.kind.rawValue) }, uniquingKeysWith: { first, _ in first })
        let served = model.serves.map { query in
            let index = query.listing.flatMap { name in model.indexes.first { $0.name == name } }
            let search = query.search.map { search in
                Search(
                    fields: search.fields, filters: kinds.filter { search.filters.contains($0.key) }, sorts: search.sorts,
                    pageSize: search.pageSize)
            }
            return Served(route: query.route.description, index: index?.name, attribute: index?.key, search: search)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(served)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }
}
