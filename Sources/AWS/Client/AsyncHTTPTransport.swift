import AsyncHTTPClient
import NIOCore
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// HTTP/1.1 over async-http-client: pooled connections, no redirects, no retries of its own.
public struct AsyncHTTPTransport: HTTPTransport {
    /// For the life of the process; it is never shut down.
    public static let shared = AsyncHTTPTransport()

    /// A larger answer is an error. The largest that AWS gives here are Lambda's and DynamoDB's, 6 and 16 MB.
    static let largestBody = 64 * 1024 * 1024

    private let client: HTTPClient

    /// - Parameters:
    ///   - connectionsPerHost: beyond it, requests wait for a connection to come free.
    ///   - dnsOverrides: host names to connect elsewhere, e.g. `["api.orders.example": "127.0.0.1"]`.
    public init(
        connectionsPerHost: Int = 256, connectTimeout: Duration = .seconds(3), dnsOverrides: [String: String] = [:]
    ) {
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .nanoseconds(connectTimeout.nanoseconds)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connectionsPerHost
        // Otherwise a refused connection is tried again until the connect timeout, hidden from our retry policy.
        configuration.connectionPool.retryConnectionEstablishment = false
        // Less than the 20 s after which DynamoDB may close an idle connection under a request.
        configuration.connectionPool.idleTimeout = .seconds(15)
        configuration.dnsOverride = dnsOverrides
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    public func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        var wire = HTTPClientRequest(url: request.url)
        wire.method = .init(rawValue: request.method)
        for field in request.headers.fields { wire.headers.add(name: field.name, value: field.value) }
        if !request.body.isEmpty { wire.body = .bytes(request.body) }
        do {
            let answer = try await client.execute(wire, timeout: .nanoseconds(timeout.nanoseconds))
            let body = try await Self.body(of: answer, within: timeout)
            var headers = HTTPHeaders()
            for (name, value) in answer.headers { headers.add(name, value) }
            return HTTPResponse(
                statusCode: Int(answer.status.code), headers: headers, body: body)
        } catch {
            throw Self.classified(error)
        }
    }

    /// async-http-client's own deadline ends with the head: a connection that stalls in the body would be waited for for ever.
    private static func body(of answer: HTTPClientResponse, within limit: Duration) async throws -> [UInt8] {
        let reading = Task {
            let body = try await answer.body.collect(upTo: largestBody)
            try Task.checkCancellation()
            return Array(body.readableBytesView)
        }
        // A timer of the event loop: one of Swift's tasks stays until its time even where it is cancelled, and each call has one.
        let timer = HTTPClient.defaultEventLoopGroup.any().scheduleTask(in: .nanoseconds(limit.nanoseconds)) { reading.cancel() }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            do {
                return try await reading.value
            } catch {
                if reading.isCancelled, !Task.isCancelled { throw TransportError(.timedOut, "the answer stopped half-way") }
                throw error
            }
        } onCancel: {
            reading.cancel()
        }
    }

    /// Closes the connections. Not for `shared`.
    public func shutdown() async throws {
        try await client.shutdown()
    }

    static func classified(_ error: any Error) -> any Error {
        if Task.isCancelled || error is CancellationError { return CancellationError() }
        if error is TransportError { return error }
        guard let known = error as? HTTPClientError else {
            // SwiftNIO's errors of connecting are no part of async-http-client's interface, so go by their names.
            let name = String(describing: type(of: error))
            let words = plainWords(error)
            let isBeforeSending =
                name.hasPrefix("NIOConnectionError") || name.hasPrefix("NIOSSL") || words == "connection refused"
            return TransportError(isBeforeSending ? .couldNotConnect : .connectionLost, words)
        }
        switch known {
        case .cancelled: return CancellationError()
        case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
            return TransportError(.couldNotConnect, known.shortDescription)
        case .invalidURL, .emptyHost, .emptyScheme, .alreadyShutdown:
            return TransportError(.couldNotConnect, known.shortDescription)
        case .deadlineExceeded, .readTimeout, .writeTimeout:
            return TransportError(.timedOut, "no answer in time")
        default:
            return TransportError(.connectionLost, known.shortDescription)
        }
    }

    private static func plainWords(_ error: any Error) -> String {
        let text = String(describing: error)
        let plain = text.lowercased()
        // The first that fits: SwiftNIO says "connection reset" of refused ones too.
        let known = [
            ("Connection refused", "connection refused"), ("No route to host", "no route to host"),
            ("Network is unreachable", "network is unreachable"), ("Connection reset", "connection reset"),
            ("timed out", "the connection timed out"), ("connectTimeout", "the connection timed out"),
            ("resolve", "the host name is not known"), ("NoAddress", "the host name is not known"),
        ]
        return known.first { plain.contains($0.0.lowercased()) }?.1 ?? text
    }
}

extension Duration {
    /// Whole nanoseconds, at most about 292 years.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : product.addingReportingOverflow(attoseconds / 1_000_000_000).partialValue
    }

    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
