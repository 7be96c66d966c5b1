import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on a loopback port that passes each request on to the local cloud, unless its run says otherwise.
///
/// A request that has arrived is carried out even if its sender has died meanwhile, as a network would have it.
final class FaultProxy: Sendable {
    private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    /// What has arrived.
    struct Request: Sendable {
        var head: HTTPRequestHead
        var body: ByteBuffer
    }

    /// How long nothing is said in a silence, unless the caller hangs up.
    static let silence: Duration = .seconds(120)

    let endpoint: String
    private let upstream: Upstream
    private let run: Mutex<ProxyRun>
    private let serving: Mutex<Task<Void, Never>?> = Mutex(nil)

    /// Starts to listen.
    static func start(_ upstream: Upstream, _ run: ProxyRun) async throws -> FaultProxy {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 512)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        let proxy = FaultProxy(endpoint: "http://127.0.0.1:\(server.channel.localAddress?.port ?? 0)", upstream, run)
        proxy.serving.withLock { task in
            task = Task {
                try? await server.executeThenClose { connections in
                    await withDiscardingTaskGroup { group in
                        do {
                            for try await connection in connections {
                                group.addTask { try? await proxy.serve(connection) }
                            }
                        } catch {
                            // The listener was closed.
                        }
                    }
                }
            }
        }
        return proxy
    }

    private init(endpoint: String, _ upstream: Upstream, _ run: ProxyRun) {
        self.endpoint = endpoint
        self.upstream = upstream
        self.run = Mutex(run)
    }

    /// Calls that arrive from now on belong to this run.
    func use(_ run: ProxyRun) { self.run.withLock { $0 = run } }

    func stop() async {
        let task = serving.withLock { task in
            defer { task = nil }
            return task
        }
        task?.cancel()
        await task?.value
    }

    private func serve(_ connection: Connection) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var head: HTTPRequestHead?
            var body = ByteBuffer()
            for try await part in inbound {
                switch part {
                case .head(let received):
                    head = received
                    body = ByteBuffer()
                case .body(var bytes):
                    body.writeBuffer(&bytes)
                case .end:
                    guard let head else { return }
                    let run = run.withLock { $0 }
                    let fate = run.arrived(Operation(head, body))
                    let answer = await answer(Request(head: head, body: body), fate, run)
                    run.answered(fate.number)
                    guard let answer else { return }
                    try await Self.write(answer, to: head, outbound)
                    if fate.kill == .after {
                        try? await Task.sleep(for: .milliseconds(fate.number % 20))
                        run.end()
                        return
                    }
                    if !head.isKeepAlive { return }
                }
            }
        }
    }

    /// - Returns: nil: the connection ends without an answer.
    private func answer(_ request: Request, _ fate: ProxyRun.Fate, _ run: ProxyRun) async -> WireAnswer? {
        let operation = Operation(request.head, request.body)
        switch fate.kill {
        case .before:
            run.end()
            return nil
        case .answerLost:
            _ = await upstream.send(request)
            run.end()
            return nil
        case .after, nil:
            break
        }
        switch fate.fault {
        case .throttle: return FaultAnswer.throttled(operation)
        case .conflict: return FaultAnswer.conflict(operation, request: Array(request.body.readableBytesView))
        case .error: return FaultAnswer.failed(operation)
        case .errorAfter:
            _ = await upstream.send(request)
            return FaultAnswer.failed(operation)
        case .lostAnswer:
            _ = await upstream.send(request)
            return nil
        case .delay(let milliseconds):
            try? await Task.sleep(for: .milliseconds(milliseconds))
            return await upstream.send(request)
        case .silence:
            _ = await upstream.send(request)
            try? await Task.sleep(for: Self.silence)
            return nil
        case nil:
            return await upstream.send(request)
        }
    }

    private static func write(
        _ answer: WireAnswer, to head: HTTPRequestHead, _ outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
    ) async throws {
        var headers = HTTPHeaders(answer.headers.map { ($0.name, $0.value) })
        if !headers.contains(name: "content-length") { headers.add(name: "content-length", value: String(answer.body.count)) }
        let first = HTTPResponseHead(version: .http1_1, status: .init(statusCode: answer.status), headers: headers)
        try await outbound.write(.head(first))
        if head.method != .HEAD, !answer.body.isEmpty { try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))) }
        try await outbound.write(.end(nil))
    }
}

extension Operation {
    init(_ head: HTTPRequestHead, _ body: ByteBuffer) {
        let isForm = head.headers.first(name: "content-type")?.contains("form-urlencoded") == true
        self.init(
            method: head.method.rawValue, path: head.uri, host: head.headers.first(name: "host") ?? "",
            target: head.headers.first(name: "x-amz-target"), authorization: head.headers.first(name: "authorization"),
            body: isForm ? String(buffer: body) : "")
    }
}
