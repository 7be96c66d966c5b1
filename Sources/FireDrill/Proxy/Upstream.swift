import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// The local cloud, as the proxy reaches it.
final class Upstream: Sendable {
    private let endpoint: Mutex<String>
    private let client: HTTPClient

    /// Of one request and of one connection; not to be passed on (RFC 9110, section 7.6.1).
    private static let ownHeaders: Set = ["connection", "content-length", "transfer-encoding", "keep-alive", "expect"]
    private static let largestBody = 64 * 1024 * 1024

    /// - Parameter endpoint: `http://127.0.0.1:<port>`; can be told later.
    init(_ endpoint: String = "http://127.0.0.1:1") {
        self.endpoint = Mutex(endpoint)
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 512
        configuration.connectionPool.retryConnectionEstablishment = false
        // Shorter than the server's, so that no request meets a connection that is just being closed.
        configuration.connectionPool.idleTimeout = .seconds(2)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func lead(to endpoint: String) { self.endpoint.withLock { $0 = endpoint } }

    /// - Returns: nil where no answer came.
    func send(_ request: FaultProxy.Request) async -> WireAnswer? {
        var wire = HTTPClientRequest(url: endpoint.withLock { $0 } + request.head.uri)
        wire.method = request.head.method
        for (name, value) in request.head.headers where !Self.ownHeaders.contains(name.lowercased()) {
            wire.headers.add(name: name, value: value)
        }
        if request.body.readableBytes > 0 { wire.body = .bytes(request.body) }
        do {
            let answer = try await client.execute(wire, timeout: .seconds(100))
            let body = try await answer.body.collect(upTo: Self.largestBody)
            let isHead = request.head.method == .HEAD
            let headers = answer.headers.filter { name, _ in
                !Self.ownHeaders.contains(name.lowercased()) || (isHead && name.lowercased() == "content-length")
            }
            return WireAnswer(
                status: Int(answer.status.code), headers: headers.map { ($0.name, $0.value) }, body: Array(body.readableBytesView))
        } catch {
            return nil
        }
    }

    func close() async { try? await client.shutdown() }
}
