import AWS
import EventSourcing
import EventStore
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a function knows about its release, from its environment variables.
struct ReleaseContext: Sendable {
    let stack: String
    let release: String
    let shards: ShardMap
    private(set) var aws: AWSClient
    private let environment: [String: String]

    init(environment: [String: String], aws: AWSClient) throws {
        self.environment = environment
        self.aws = aws
        func required(_ name: String) throws -> String {
            guard let value = environment[name], !value.isEmpty else {
                throw StartFailure(reason: "\(name) is not set: let `immutable deploy` provision the function")
            }
            return value
        }
        stack = try required("IMMUTABLE_STACK")
        release = try required("IMMUTABLE_RELEASE")
        guard let count = Int(try required("IMMUTABLE_LEDGER_SHARDS")), (1...1_000).contains(count) else {
            throw StartFailure(reason: "IMMUTABLE_LEDGER_SHARDS must be 1 to 1,000")
        }
        shards = ShardMap(count: count)
    }

    /// The same, by calls that don't wait long.
    func givingUp(after limit: Duration) -> ReleaseContext {
        var context = self
        context.aws = aws.givingUp(after: limit)
        return context
    }

    func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    func required(_ name: String) throws -> String {
        guard let value = variable(name) else {
            throw StartFailure(reason: "\(name) is not set: let `immutable deploy` provision the function")
        }
        return value
    }

    /// The index of a function whose read model is one.
    func searchIndex() throws -> (openSearch: OpenSearch, name: String)? {
        guard let name = variable("IMMUTABLE_READ_MODEL_INDEX") else { return nil }
        return (OpenSearch(aws, endpoint: try Endpoint(try required("IMMUTABLE_SEARCH_ENDPOINT"))), name)
    }

    var dynamo: any ItemStore { DynamoDB(aws) }
    var names: StackNames { StackNames(stack: stack) }
    var releaseNames: ReleaseNames { names.release(release) }
    var ledger: Ledger { Ledger(dynamo: dynamo, names: names, shards: shards) }
    var handovers: HandoverStore { HandoverStore(dynamo: dynamo, stack: stack) }
    var parking: Parking { Parking(dynamo: dynamo, stack: stack, release: release) }
    var reader: StreamReader { StreamReader(dynamo: dynamo, table: releaseNames.events) }
}
