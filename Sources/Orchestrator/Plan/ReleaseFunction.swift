import EventStore
import StackDescription

/// One Lambda of a release, by what it does.
public struct ReleaseFunction: Sendable, Hashable {
    public enum Role: Sendable, Hashable {
        case command(route: Route)
        case query(readModel: ReadModel)
        case projector(readModel: ReadModel)
        case reactor(inDoubt: Reactor.InDoubt)
        case release
        case replay
        case replicator
        case returnReplicator
        case mapping

        /// Whether it serves a release together with its counterpart.
        var isReplication: Bool { [.replay, .replicator, .returnReplicator, .mapping].contains(self) }
    }

    /// `<kind>.<handler>`, the Lambda's handler attribute.
    public var handler: String
    /// The last part of the function's name.
    public var name: String
    public var role: Role

    /// The functions of a release. `counterpart` is the release that is live now.
    public static func all(of stack: Stack, counterpart: String?) -> [ReleaseFunction] {
        var parts = stack.commands.map {
            ReleaseFunction(handler: "command.\($0.handler)", name: PartName.kebabCase($0.handler), role: .command(route: $0.route))
        }
        for model in stack.readModels {
            parts.append(
                ReleaseFunction(
                    handler: "projector.\(model.projection)", name: PartName.kebabCase(model.projection), role: .projector(readModel: model)
                ))
            if !model.serves.isEmpty {
                parts.append(
                    ReleaseFunction(handler: "query.\(model.name)", name: PartName.query(of: model.name), role: .query(readModel: model)))
            }
        }
        parts += stack.reactors.map {
            ReleaseFunction(handler: "reactor.\($0.handler)", name: PartName.kebabCase($0.handler), role: .reactor(inDoubt: $0.inDoubt))
        }
        parts.append(ReleaseFunction(handler: "system.release", name: "release", role: .release))
        if counterpart != nil {
            parts.append(ReleaseFunction(handler: "system.replay", name: "replay", role: .replay))
            parts.append(ReleaseFunction(handler: "system.replicator", name: "replicator", role: .replicator))
            parts += stack.mappings.map { ReleaseFunction(handler: "mapping.\($0)", name: PartName.mapping($0), role: .mapping) }
            if stack.transform?.reversible ?? true {
                parts.append(
                    ReleaseFunction(handler: "system.return-replicator", name: "return-replicator", role: .returnReplicator))
            }
        }
        return parts
    }
}
