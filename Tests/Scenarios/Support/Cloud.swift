import AWS
import Foundation
import LocalCloud
import Testing
import Traffic

/// A local cloud for one scenario, and the tool pointed to it by the environment alone.
struct Cloud: Sendable {
    let instance: LocalCloud.Instance
    /// Removed at the end.
    let scratch: URL
    /// Where the tool sends its calls, instead of straight to the local cloud.
    var endpoint: String?

    static let ordersDomain = "api.orders.example"
    static let permitsDomain = "api.permits.example"

    static func running(_ scenario: (Cloud) async throws -> Void) async throws {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "scenario-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let instance = try await LocalCloud.start(LocalCloud.Options(name: nil, detached: false))
        let result: Result<Void, any Error>
        do { result = .success(try await scenario(Cloud(instance: instance, scratch: scratch))) } catch { result = .failure(error) }
        await instance.stop()
        try result.get()
    }

    /// The user's environment, without what would lead to another cloud.
    static var plainEnvironment: [String: String] {
        ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("AWS_") }
    }

    var environment: [String: String] {
        let own = Self.plainEnvironment.merging(instance.environment) { $1 }
        return endpoint.map { own.merging(["AWS_ENDPOINT_URL": $0]) { $1 } } ?? own
    }

    /// Starts `immutable`.
    func start(_ arguments: [String]) throws -> Child {
        try Child.start(Products.tool, arguments, environment: environment, scratch: scratch)
    }

    /// Runs `immutable` to its end, which must be with `status`.
    @discardableResult
    func immutable(
        _ arguments: [String], ending status: Int32 = 0, within limit: Duration = .seconds(180),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Child.End {
        let end = try await start(arguments).end(within: limit)
        try #require(end.status == status, "\(end)", sourceLocation: sourceLocation)
        return end
    }

    @discardableResult
    func immutable(
        _ arguments: String..., ending status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Child.End {
        try await immutable(arguments, ending: status, sourceLocation: sourceLocation)
    }

    @discardableResult
    func deploy(_ stack: String, _ options: [String] = [], sourceLocation: SourceLocation = #_sourceLocation) async throws -> Child.End {
        try await immutable(Self.deployment(of: stack) + options, sourceLocation: sourceLocation)
    }

    static func deployment(of stack: String) -> [String] {
        ["deploy", Products.stack(stack), "--products", Products.path(Products.directory)]
    }

    var client: AWSClient {
        get throws {
            AWSClient(
                AWSConfiguration(
                    region: instance.region, credentials: StaticCredentials(accessKeyId: "test", secretAccessKey: "test"),
                    endpoints: EndpointResolver(forAll: try Endpoint(instance.endpoint))),
                transport: AsyncHTTPTransport.shared)
        }
    }

    var dynamo: DynamoDB { get throws { DynamoDB(try client) } }

    func items(_ table: String) async throws -> [Item] {
        let dynamo = try dynamo
        var items: [Item] = []
        var request = DynamoDB.ScanRequest(table: table)
        repeat {
            let page = try await dynamo.scan(request)
            items += page.items
            request.startKey = page.lastKey
        } while request.startKey != nil
        return items
    }

    /// One request to the API, as it is.
    func send(_ method: String, _ path: String, to domain: String, key: String? = nil, _ body: String = "") async throws -> HTTPResponse {
        var request = HTTPRequest(method: method, url: instance.endpoint + path, headers: ["Host": domain], body: Array(body.utf8))
        if let key { request.headers["Idempotency-Key"] = key }
        return try await AsyncHTTPTransport.shared.send(request, timeout: .seconds(30))
    }

    /// The subjects of all mail that was ever sent.
    func mails() async throws -> [String] {
        struct Answer: Decodable {
            struct Mail: Decodable {
                var Subject: String?
            }
            var messages: [String: [Mail]]
        }
        let request = HTTPRequest(url: instance.endpoint + "/_ministack/ses/messages")
        let answer = try await AsyncHTTPTransport.shared.send(request, timeout: .seconds(30))
        return try JSONDecoder().decode(Answer.self, from: Data(answer.body)).messages.values.flatMap { $0 }.map { $0.Subject ?? "" }
    }
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}
