import AWS
import EventSourcing
import EventStore

/// The services that the orchestrator uses, in one account and region.
public struct Cloud: Sendable {
    public private(set) var client: AWSClient
    /// The AWS account's number.
    public let account: String
    /// A search server to use instead of a stack's own domain.
    let searchOverride: Endpoint?
    /// An artifact is some 10 to 50 MB, several times over while it is sent: few functions are created at a time.
    let uploads = Gate(3)

    public init(client: AWSClient, account: String, searchOverride: Endpoint? = nil) {
        self.client = client
        self.account = account
        self.searchOverride = searchOverride
    }

    /// Asks who the credentials belong to, so that bad ones fail here and with one message.
    /// - Parameter environment: may have `IMMUTABLE_SEARCH_ENDPOINT`.
    public static func connect(_ client: AWSClient, environment: [String: String]) async throws -> Cloud {
        let override = try environment[searchVariable].flatMap { $0.isEmpty ? nil : try Endpoint($0) }
        return Cloud(client: client, account: try await STS(client).callerIdentity().account, searchOverride: override)
    }

    /// For what stopped writes wait for: a call that isn't answered is made again while the handover's deadline leaves time.
    var urgent: Cloud {
        var cloud = self
        cloud.client = client.givingUp(after: .seconds(2))
        return cloud
    }

    public var region: String { client.region }
    public var dynamo: DynamoDB { DynamoDB(client) }
    public var lambda: Lambda { Lambda(client) }
    public var kinesis: Kinesis { Kinesis(client) }
    public var iam: IAM { IAM(client) }
    public var apiGateway: APIGateway { APIGateway(client) }
    public var logs: Logs { Logs(client) }
    public var tagging: Tagging { Tagging(client) }
    public var ses: SES { SES(client) }
    public var stepFunctions: StepFunctions { StepFunctions(client) }

    func tableARN(_ name: String) -> String { "arn:aws:dynamodb:\(region):\(account):table/\(name)" }
    func streamARN(_ name: String) -> String { "arn:aws:kinesis:\(region):\(account):stream/\(name)" }
    func functionARN(_ name: String) -> String { "arn:aws:lambda:\(region):\(account):function:\(name)" }
    func stateMachineARN(_ name: String) -> String { "arn:aws:states:\(region):\(account):stateMachine:\(name)" }
    func executionARN(_ stateMachine: String, _ name: String) -> String {
        "arn:aws:states:\(region):\(account):execution:\(stateMachine):\(name)"
    }
    func roleARN(_ name: String) -> String { "arn:aws:iam::\(account):role/\(name)" }
}

/// The tags of every resource of a release.
public enum ReleaseTags {
    public static let stack = "immutable-stack:stack"
    public static let release = "immutable-stack:release"

    public static func of(_ stack: String, _ release: String) -> [String: String] { [self.stack: stack, self.release: release] }
}

extension Cloud {
    /// The endpoint of a local cloud: one on the loopback interface, set for all services; `nil` on AWS.
    public var localEndpoint: String? {
        let endpoint = client.configuration.endpoints.endpoint(for: .dynamoDB, region: region)
        let host = endpoint.authority.split(separator: ":").first.map(String.init) ?? ""
        guard ["127.0.0.1", "localhost", "[::1]"].contains(host) else { return nil }
        return "\(endpoint.scheme)://\(endpoint.authority)"
    }

    public var isLocal: Bool { localEndpoint != nil }
}
