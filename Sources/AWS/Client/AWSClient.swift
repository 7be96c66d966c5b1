#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import Logging

/// Signs requests, sends them, retries what is worth it, and turns error answers into errors. Cheap to copy; copies share one retry quota.
public struct AWSClient: Sendable {
    public private(set) var configuration: AWSConfiguration
    public let transport: any HTTPTransport
    let clock: ClientClock
    let quota = RetryQuota()
    private let logger: Logger

    public init(
        _ configuration: AWSConfiguration, transport: any HTTPTransport, clock: ClientClock = .system,
        logger: Logger = Logger(label: "aws")
    ) {
        self.configuration = configuration
        self.transport = transport
        self.clock = clock
        self.logger = logger
    }

    /// Configured by the environment, on connections that all such clients of the process share.
    /// - Parameter timeout: for one try of one request; the configuration's where nil.
    public static func live(
        environment: [String: String] = ProcessInfo.processInfo.environment, timeout: Duration? = nil,
        running command: CredentialCommand? = nil
    ) throws -> AWSClient {
        var configuration = try AWSConfiguration.resolve(environment: environment, running: command)
        if let timeout { configuration.timeout = timeout }
        return AWSClient(configuration, transport: AsyncHTTPTransport.shared)
    }

    public var region: String { configuration.region }

    /// The same client, whose tries are given up sooner; those with a timeout of their own are not.
    public func givingUp(after limit: Duration) -> AWSClient {
        var client = self
        client.configuration.timeout = min(limit, configuration.timeout)
        return client
    }

    /// - Returns: a 2xx answer.
    /// - Throws: `AWSError`, `ConnectionError`, `CredentialsError`, `CancellationError`.
    public func send(_ request: AWSRequest) async throws -> HTTPResponse {
        let endpoint = configuration.endpoints.endpoint(for: request.service, region: configuration.region)
        var price: Int?
        var hasRenewedCredentials = false
        var attempt = 1
        while true {
            try Task.checkCancellation()
            let failure: (error: any Error, kind: FailureKind)
            var used: Credentials?
            do {
                let credentials = request.isSigned ? try await configuration.credentials.credentials() : nil
                used = credentials
                let signed = signed(request, to: endpoint, with: credentials)
                let response = try await transport.send(
                    signed, timeout: request.timeout ?? configuration.timeout(of: request.body))
                if (200..<300).contains(response.statusCode) {
                    quota.succeeded(price: price)
                    return response
                }
                let error = AWSError(response, service: request.service.name, operation: request.operation)
                failure = (error, error.kind)
            } catch let error as TransportError {
                let kind: FailureKind
                switch error.kind {
                case .couldNotConnect: kind = .unsent
                case .timedOut: kind = .timeout
                case .connectionLost: kind = .transient
                }
                let wrapped = ConnectionError(
                    service: request.service.name, operation: request.operation, endpoint: endpoint, cause: error,
                    attempts: attempt)
                failure = (wrapped, kind)
            }

            if failure.kind == .expiredCredentials, !hasRenewedCredentials, let used {
                hasRenewedCredentials = true
                await configuration.credentials.discard(used)
                continue
            }
            guard failure.kind.isRetried(under: request.retry), attempt < configuration.retry.maxAttempts,
                let paid = quota.pay(afterTimeout: failure.kind == .timeout)
            else { throw failure.error }
            price = paid
            let isThrottled = failure.kind == .throttling && request.service != .dynamoDB
            let pause = configuration.retry.delay(after: attempt, throttled: isThrottled, random: clock.random())
            logger.debug(
                "retrying",
                metadata: [
                    "operation": "\(request.service.name) \(request.operation)", "attempt": "\(attempt)",
                    "pause": "\(pause)", "cause": "\(failure.error)",
                ])
            try await clock.sleep(pause)
            attempt += 1
        }
    }

    private func signed(
        _ request: AWSRequest, to endpoint: Endpoint, with credentials: Credentials?
    ) -> HTTPRequest {
        let date = AmazonDate(clock.now())
        let path = endpoint.pathPrefix + request.path
        var headers = request.headers
        headers["host"] = endpoint.authority
        if let credentials {
            let payloadHash = Signer.payloadHash(request.body)
            headers["x-amz-date"] = date.stamp
            if let token = credentials.sessionToken { headers["x-amz-security-token"] = token }
            let signer = Signer(
                service: request.service.signingName, region: endpoint.signingRegion ?? configuration.region)
            let message = Signer.Message(
                method: request.method, path: path, query: request.query, headers: headers, payloadHash: payloadHash)
            headers["authorization"] = signer.authorization(for: message, credentials: credentials, date: date)
        }
        headers["user-agent"] = "immutable-stack"
        let query = request.query.isEmpty ? "" : "?" + formEncoded(request.query)
        return HTTPRequest(
            method: request.method, url: "\(endpoint.scheme)://\(endpoint.authority)\(path)\(query)", headers: headers,
            body: request.body)
    }
}
