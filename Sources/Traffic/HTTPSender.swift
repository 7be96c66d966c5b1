import AsyncHTTPClient

/// Plain HTTP to the API's domain. Nothing is sent twice and nothing is followed: what fails, fails.
struct HTTPSender: Sendable {
    /// The largest answer that is read.
    private static let largestBody = 4 * 1024 * 1024

    private let endpoint: String
    private let domain: String
    private let nanoseconds: Int64
    private let client: HTTPClient

    init(_ options: TrafficOptions) {
        endpoint = options.endpoint
        domain = options.domain
        nanoseconds = Int64(options.timeout / .nanoseconds(1))
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 512
        configuration.connectionPool.retryConnectionEstablishment = false
        // Shorter than any server's, so that no request meets a connection that is just being closed.
        configuration.connectionPool.idleTimeout = .seconds(2)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// - Throws: ``NoReply``
    func send(_ request: Request) async throws -> Reply {
        var wire = HTTPClientRequest(url: endpoint + request.path)
        wire.method = .init(rawValue: request.method)
        wire.headers.add(name: "host", value: domain)
        if let key = request.idempotencyKey { wire.headers.add(name: "idempotency-key", value: key) }
        if let body = request.body {
            wire.headers.add(name: "content-type", value: "application/json")
            wire.body = .bytes(Array(body.utf8))
        }
        do {
            let answer = try await client.execute(wire, timeout: .nanoseconds(nanoseconds))
            let bytes = try await answer.body.collect(upTo: Self.largestBody).readableBytesView
            return Reply(
                status: Int(answer.status.code), release: answer.headers.first(name: "x-immutable-release"),
                body: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw NoReply(description: "no answer: \(error)")
        }
    }

    func close() async {
        // Nothing is under way any more; an error would only say that it was closed before.
        try? await client.shutdown()
    }
}
