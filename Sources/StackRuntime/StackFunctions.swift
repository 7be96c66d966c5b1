import AWS
import EventSourcing
#if canImport(FoundationEssentials)
    import FoundationEssentials
    import Glibc
#else
    import Foundation
#endif

/// One executable that is every Lambda of a release: the handler's name says which.
public struct StackFunctions: Sendable {
    let commands: [AnyCommand]
    let projections: [AnyProjection]
    let reactors: [any Reactor.Type]
    let transforms: [AnyTransform]
    let mappings: [AnyMapping]
    let events: EventTypes

    public init(
        commands: [AnyCommand] = [], projections: [AnyProjection] = [], reactors: [any Reactor.Type] = [],
        transforms: [AnyTransform] = [], mappings: [AnyMapping] = [], events: EventTypes
    ) {
        self.commands = commands
        self.projections = projections
        self.reactors = reactors
        self.transforms = transforms
        self.mappings = mappings
        self.events = events
    }

    /// A function is stopped after 20 to 29 s: a call that gets no answer must leave time for another try.
    static let callTimeout: Duration = .seconds(6)

    /// With the argument `--catalogue` prints what this executable offers; else serves invocations until the environment ends.
    public func run() async {
        do {
            if CommandLine.arguments.dropFirst().first == "--catalogue" {
                print(try catalogue())
                return
            }
            let environment = ProcessInfo.processInfo.environment
            guard let api = environment["AWS_LAMBDA_RUNTIME_API"] else {
                throw StartFailure(
                    reason: "AWS_LAMBDA_RUNTIME_API is not set: this program runs as an AWS Lambda function. Try --catalogue.")
            }
            let runtime = LambdaRuntime(api: api, transport: AsyncHTTPTransport.shared)
            do {
                let release = try ReleaseContext(
                    environment: environment, aws: AWSClient.live(environment: environment, timeout: Self.callTimeout))
                let handler = try handler(named: environment["_HANDLER"] ?? "", in: release)
                try await runtime.serve(Logged(handler, name: environment["_HANDLER"] ?? "", release: release.release))
            } catch {
                try await runtime.reportInitError(error)
                throw error
            }
        } catch {
            StandardError.write(line: "error: \(error)")
            exit(1)
        }
    }

    private func handler(named name: String, in context: ReleaseContext) throws -> any InvocationHandler {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw StartFailure(reason: "the handler '\(name)' is no '<kind>.<name>'") }
        switch (parts[0], parts[1]) {
        case ("command", let name):
            guard let command = commands.first(where: { $0.name == name }) else { throw unknown("command", name) }
            return try CommandFunction(command: command, context: context)
        case ("query", _):
            if let index = try context.searchIndex() {
                return try SearchFunction(context: context, openSearch: index.openSearch, index: index.name)
            }
            let projection = context.variable("IMMUTABLE_PROJECTION")
            return try QueryFunction(context: context, parts: projections.first { $0.name == projection }?.parts)
        case ("projector", let name):
            guard let projection = projections.first(where: { $0.name == name }) else { throw unknown("projection", name) }
            return try ProjectorFunction(projection: projection, context: context)
        case ("reactor", let name):
            guard let reactor = reactors.first(where: { $0.name == name }) else { throw unknown("reactor", name) }
            return try ReactorFunction(reactor: reactor, context: context)
        case ("mapping", let name):
            guard let mapping = mappings.first(where: { $0.name == name }) else { throw unknown("mapping", name) }
            return MappingFunction(mapping: mapping)
        case ("system", "release"):
            return ReleaseFunction(context: context)
        case ("system", "replicator"):
            return try ReplicatorFunction(direction: .forward, transform: try transform(context), context: context)
        case ("system", "return-replicator"):
            return try ReplicatorFunction(direction: .back, transform: try transform(context), context: context)
        case ("system", "replay"):
            return try ReplayFunction(transform: try transform(context), context: context)
        default:
            throw StartFailure(reason: "this executable has no handler '\(name)'")
        }
    }

    private func transform(_ context: ReleaseContext) throws -> AnyTransform {
        guard let name = context.variable("IMMUTABLE_TRANSFORM") else { return .identity }
        guard let transform = transforms.first(where: { $0.name == name }) else { throw unknown("transform", name) }
        return transform
    }

    private func unknown(_ kind: String, _ name: String) -> StartFailure {
        StartFailure(reason: "this executable has no \(kind) '\(name)': add it to StackFunctions, or mend its name in Stack.swift")
    }
}

/// A function that can't start.
struct StartFailure: Error, CustomStringConvertible {
    var reason: String
    var description: String { reason }
}
