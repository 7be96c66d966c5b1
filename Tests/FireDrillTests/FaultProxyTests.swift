import AWS
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing

@testable import FireDrill

/// What a client sees through the proxy, and what its service sees.
@Suite struct FaultProxyTests {
    private static let put = Operation(.target("dynamodb"), "PutItem")
    private static let body = #"{"TableName":"t"}"#

    /// One call through a proxy whose run makes `fault` of every call.
    private func call(
        _ fault: Fault?, kill: Kill? = nil, _ body: String = Self.body, patience: Duration = .seconds(60)
    ) async throws -> Seen {
        let service = try await TinyService.start()
        let struck = Mutex(false)
        let run = ProxyRun(.tool, fault: { _, _ in fault }, kill: kill) { struck.withLock { $0 = true } }
        let upstream = Upstream(service.endpoint)
        let proxy = try await FaultProxy.start(upstream, run)
        let client = AWSClient(
            AWSConfiguration(
                region: "us-east-1", credentials: StaticCredentials(accessKeyId: "a", secretAccessKey: "b"),
                endpoints: EndpointResolver(forAll: try Endpoint(proxy.endpoint)), retry: .never, timeout: patience),
            transport: AsyncHTTPTransport.shared)
        var request = AWSRequest(.dynamoDB, "PutItem")
        request.headers["x-amz-target"] = "DynamoDB_20120810.PutItem"
        request.body = Array(body.utf8)
        let start = ContinuousClock.now
        var outcome: Result<HTTPResponse, any Error>
        do { outcome = .success(try await client.send(request)) } catch { outcome = .failure(error) }
        let seen = Seen(
            outcome: outcome, took: ContinuousClock.now - start, requests: service.requests, struck: struck.withLock { $0 },
            calls: run.count)
        await proxy.stop()
        await upstream.close()
        await service.stop()
        return seen
    }

    private struct Seen {
        var outcome: Result<HTTPResponse, any Error>
        var took: Duration
        var requests: [String]
        var struck: Bool
        var calls: Int

        var error: AWSError? { if case .failure(let error) = outcome { error as? AWSError } else { nil } }
        var lost: TransportError.Kind? { if case .failure(let error) = outcome { (error as? ConnectionError)?.cause.kind } else { nil } }
    }

    @Test func `a call that nothing happens to is passed on as it is`() async throws {
        let seen = try await call(nil)
        #expect(try seen.outcome.get().body == Array("done".utf8))
        #expect(seen.requests == ["POST / " + Self.body] && seen.calls == 1 && !seen.struck)
    }

    @Test func `a throttled call is not carried out, and its error says so`() async throws {
        let seen = try await call(.throttle)
        #expect(seen.error?.isThrottling == true && seen.requests.isEmpty)
    }

    @Test func `a failed call is a server error, and is carried out only where the plan says so`() async throws {
        let before = try await call(.error)
        #expect(before.error?.statusCode == 500 && before.error?.isTransient == true && before.requests.isEmpty)
        let after = try await call(.errorAfter)
        #expect(after.error?.statusCode == 500 && after.requests.count == 1)
    }

    @Test func `a lost answer is a lost connection, and the call was carried out`() async throws {
        let seen = try await call(.lostAnswer)
        #expect(seen.lost == .connectionLost && seen.requests.count == 1)
    }

    @Test func `no answer at all is a timeout, and the call was carried out`() async throws {
        // On a loaded machine a short patience may end before the request has got through, which proves nothing.
        for patience in [Duration.seconds(1), .seconds(10), .seconds(60)] {
            let seen = try await call(.silence, patience: patience)
            try #require(seen.lost == .timedOut)
            if seen.requests.count == 1 { return }
        }
        Issue.record("The call was never carried out.")
    }

    @Test func `a delayed call is carried out later`() async throws {
        let seen = try await call(.delay(milliseconds: 300))
        #expect(try seen.outcome.get().statusCode == 200)
        #expect(seen.took >= .milliseconds(300) && seen.requests.count == 1)
    }

    @Test func `a conflict names one reason for each write of a transaction`() throws {
        let request = Array(#"{"TransactItems":[{"Put":{}},{"Update":{}}]}"#.utf8)
        let answer = FaultAnswer.conflict(Operation(.target("dynamodb"), "TransactWriteItems"), request: request)
        let reasons = try #require(try JSON(parsing: answer.body)["CancellationReasons"].array)
        #expect(reasons.map { $0["Code"].string } == ["TransactionConflict", "None"])
    }

    @Test(arguments: [(Kill.Moment.before, 0), (.answerLost, 1)])
    func `a kill strikes before the call, or when it was carried out`(moment: Kill.Moment, requests: Int) async throws {
        let seen = try await call(.throttle, kill: Kill(call: 1, moment: moment))
        #expect(seen.struck && seen.lost == .connectionLost && seen.requests.count == requests)
    }
}

/// Answers every request with `done`, and remembers it.
private final class TinyService: Sendable {
    private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    let endpoint: String
    private let seen = Mutex<[String]>([])
    private let serving = Mutex<Task<Void, Never>?>(nil)

    var requests: [String] { seen.withLock { $0 } }

    static func start() async throws -> TinyService {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                return try Connection(wrappingChannelSynchronously: channel)
            }
        }
        let service = TinyService(port: server.channel.localAddress?.port ?? 0)
        let task = Task<Void, Never> {
            _ = try? await server.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await connection in connections { group.addTask { try? await service.serve(connection) } }
                }
            }
        }
        service.serving.withLock { $0 = task }
        return service
    }

    private init(port: Int) { endpoint = "http://127.0.0.1:\(port)" }

    func stop() async {
        let task = serving.withLock { $0 }
        task?.cancel()
        await task?.value
    }

    private func serve(_ connection: Connection) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var text = ""
            for try await part in inbound {
                switch part {
                case .head(let head): text = "\(head.method) \(head.uri) "
                case .body(let bytes): text += String(buffer: bytes)
                case .end:
                    let done = text
                    seen.withLock { $0.append(done) }
                    try await outbound.write(.head(.init(version: .http1_1, status: .ok, headers: ["content-length": "4"])))
                    try await outbound.write(.body(.byteBuffer(ByteBuffer(string: "done"))))
                    try await outbound.write(.end(nil))
                }
            }
        }
    }
}
