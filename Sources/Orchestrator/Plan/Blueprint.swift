import AWS
import EventStore
import StackDescription

/// Everything that one release consists of, computed from its manifest alone.
public struct Blueprint: Sendable {
    public let stack: Stack
    public let release: String
    /// The release that was live when this one was deployed.
    public let counterpart: String?
    let replay: ReplaySettings

    public init(stack: Stack, release: String, counterpart: String?, replay: ReplaySettings? = nil) {
        self.stack = stack
        self.release = release
        self.counterpart = counterpart
        self.replay = replay ?? .direct
    }

    public init(_ record: ReleaseRecord) {
        self.init(stack: record.manifest, release: record.release, counterpart: record.counterpart, replay: record.replay)
    }

    public var names: ReleaseNames { ReleaseNames(stack: stack.name, release: release) }
    public var parts: [ReleaseFunction] { ReleaseFunction.all(of: stack, counterpart: counterpart) }
    var tags: [String: String] { ReleaseTags.of(stack.name, release) }

    public func function(_ role: ReleaseFunction.Role) -> String? {
        parts.first { $0.role == role }.map { names.function($0.name) }
    }

    /// Route keys to the functions that serve them.
    public var routes: [String: String] {
        var routes: [String: String] = [:]
        for part in parts {
            let function = names.function(part.name)
            switch part.role {
            case .command(let route): routes[route.description] = function
            case .query(let model): for query in model.serves { routes[query.route.description] = function }
            case .release:
                routes["GET /.well-known/immutable-release"] = function
                routes["$default"] = function
                for retired in stack.retiredRoutes { routes[retired.route.description] = function }
            default: break
            }
        }
        return routes
    }

    /// The routes by which another release may forward: those of commands, and retired ones.
    public var commandRoutes: [String: String] {
        parts.reduce(into: [:]) { routes, part in
            switch part.role {
            case .command(let route): routes[route.description] = names.function(part.name)
            case .release: for retired in stack.retiredRoutes { routes[retired.route.description] = names.function(part.name) }
            default: break
            }
        }
    }

    /// The functions that the bus wakes, by name.
    public var consumers: [String] {
        parts.compactMap { part in
            switch part.role {
            case .projector, .reactor: names.function(part.name)
            default: nil
            }
        }
    }

    public var projectors: [(readModel: String, function: String)] {
        parts.compactMap { part in
            if case .projector(let model) = part.role { (model.name, names.function(part.name)) } else { nil }
        }
    }

    public var reactors: [(name: String, function: String)] {
        parts.compactMap { part in
            if case .reactor = part.role { (String(part.handler.dropFirst("reactor.".count)), names.function(part.name)) } else { nil }
        }
    }

    /// The resources of the release. Without an artifact they can be listed and removed, not created.
    public func resources(in cloud: Cloud, artifact: Artifact?) -> [any Resource] {
        tables + [bus, api] + parts.flatMap { resources(of: $0, in: cloud, artifact: artifact) } + replayMachine(in: cloud)
    }

    /// The resources that serve a release together with its counterpart: the replay and both replicators.
    func replication(in cloud: Cloud) -> [any Resource] {
        parts.filter { $0.role.isReplication }
            .flatMap { resources(of: $0, in: cloud, artifact: nil) } + replayMachine(in: cloud)
    }

    private var tables: [any Resource] {
        let cursors = Table(
            definition: DynamoDB.TableDefinition(name: names.cursors, hashKey: .string("consumer"), tags: tags))
        let events = Table(
            definition: DynamoDB.TableDefinition(
                name: names.events, hashKey: .string("aggregateId"), rangeKey: .number("version"),
                deletionProtection: true, tags: tags), pointInTimeRecovery: stack.eventStore.pointInTimeRecovery)
        return [events, cursors] + staging + stack.readModels.map(store(of:))
    }

    /// Where a deployment puts the documents of a read model.
    private func store(of model: ReadModel) -> any Resource {
        if model.isIndex { return SearchIndex(name: names.readModel(model.name), model: model, stack: stack) }
        return table(of: model, Generation(model.name, 0))
    }

    /// The table of one generation of a read model.
    func table(of model: ReadModel, _ generation: Generation) -> any Resource {
        Table(
            definition: DynamoDB.TableDefinition(
                name: names.table(generation), hashKey: .string("id"),
                indexes: model.indexes.map { index in
                    .init(name: index.name, hashKey: .string(index.key), rangeKey: index.sortKey.map { .string($0) })
                }, tags: tags))
    }

    /// Where the events of merged streams wait for their versions, in their order.
    private var staging: [any Resource] {
        guard counterpart != nil, stack.transform?.merging == true else { return [] }
        return [
            Table(
                definition: DynamoDB.TableDefinition(
                    name: names.staging, hashKey: .string("target"), rangeKey: .string("order"), tags: tags))
        ]
    }

    /// Those that the replay function hands streams to.
    private var replayProjectors: [String] { replay.engine == .stepFunctions ? projectors.map(\.function) : [] }

    private func permissions(in cloud: Cloud) -> Permissions {
        Permissions(
            cloud: cloud, names: names, counterpart: counterpart, replayProjectors: replayProjectors, searchDomain: stack.search?.name)
    }

    private func replayMachine(in cloud: Cloud) -> [any Resource] {
        guard replay.engine == .stepFunctions, let function = function(.replay) else { return [] }
        let name = names.replayMachine
        let machine = ReplayMachine(
            function: cloud.functionARN(function), width: replay.width, timeoutSeconds: stack.functions.timeoutSeconds)
        return [
            Role(
                name: name, policy: permissions(in: cloud).replayMachinePolicy(calling: function), service: "states.amazonaws.com",
                tags: tags),
            StateMachine(name: name, definition: machine.definition, function: function, tags: tags),
        ]
    }

    private var bus: any Resource {
        Bus(name: names.bus, shards: stack.eventBus.shards, retentionHours: stack.eventBus.retentionHours, tags: tags)
    }

    private var api: any Resource { HTTPAPI(name: names.api, stage: stack.api.stage, routes: routes, tags: tags) }

    /// An index that is written to while it isn't there is made by OpenSearch itself, without our mapping: it comes before the function, and goes
    /// after it.
    private func indexes(of part: ReleaseFunction) -> [String] {
        guard case .projector(let model) = part.role, model.isIndex else { return [] }
        return [SearchIndex.id(names.readModel(model.name))]
    }

    private func resources(of part: ReleaseFunction, in cloud: Cloud, artifact: Artifact?) -> [any Resource] {
        let name = names.function(part.name)
        let environment = FunctionEnvironment(
            stack: stack, names: names, counterpart: counterpart, consumers: consumers, projectors: replayProjectors,
            searchEndpoint: cloud.searchEndpoint(of: stack)?.description)
        let permissions = permissions(in: cloud)
        var resources: [any Resource] = [
            Role(name: name, policy: permissions.policy(of: part), tags: tags),
            LogGroup(function: name, retentionDays: stack.functions.logRetentionDays, tags: tags),
            Function(
                definition: Lambda.FunctionDefinition(
                    name: name, roleArn: cloud.roleARN(name), runtime: artifact?.runtime ?? "provided.al2023", handler: part.handler,
                    zip: artifact?.zip ?? [], memoryMiB: stack.functions.memory, timeoutSeconds: stack.functions.timeoutSeconds,
                    environment: environment.variables(of: part), tags: tags), concurrency: stack.functions.concurrency,
                needs: indexes(of: part)),
        ]
        switch part.role {
        case .projector, .reactor:
            resources.append(BusMapping(function: name, stream: names.bus, enabled: true, tags: tags, ownsStream: true))
        case .returnReplicator:
            resources.append(BusMapping(function: name, stream: names.bus, enabled: false, tags: tags, ownsStream: true))
        case .replicator:
            let source = names.release(counterpart ?? release).bus
            resources.append(BusMapping(function: name, stream: source, enabled: false, tags: tags, ownsStream: false))
        default: break
        }
        return resources
    }
}
