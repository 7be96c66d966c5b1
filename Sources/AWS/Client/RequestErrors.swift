/// The service could not be reached, or its answer was lost.
public struct ConnectionError: Error, Sendable, Hashable, CustomStringConvertible {
    public var service: String
    public var operation: String
    public var endpoint: Endpoint
    public var cause: TransportError
    public var attempts: Int

    public init(service: String, operation: String, endpoint: Endpoint, cause: TransportError, attempts: Int) {
        self.service = service
        self.operation = operation
        self.endpoint = endpoint
        self.cause = cause
        self.attempts = attempts
    }

    /// Whether the request was certainly not carried out. Otherwise its outcome is unknown.
    public var wasCertainlyNotSent: Bool { cause.kind == .couldNotConnect }

    public var description: String {
        let tries = attempts > 1 ? " (tried \(attempts) times)" : ""
        switch cause.kind {
        case .couldNotConnect:
            return "could not reach \(endpoint) (\(service)): \(cause)\(tries); "
                + "is the endpoint in AWS_ENDPOINT_URL or the region right, and is it up?"
        case .timedOut, .connectionLost:
            return "\(service) \(operation) at \(endpoint) gave no answer: \(cause)\(tries); "
                + "whether it was carried out is not known"
        }
    }
}

/// The service answered with success, but not with what the operation promises.
public struct UnexpectedAnswer: Error, Sendable, Hashable, CustomStringConvertible {
    public var service: String
    public var operation: String
    public var problem: String

    public var description: String {
        "\(service) \(operation) answered with something unexpected: \(problem); "
            + "is the endpoint in AWS_ENDPOINT_URL really this service?"
    }
}

/// A request that the service would refuse, noticed before it was sent.
public struct InvalidRequest: Error, Sendable, Hashable, CustomStringConvertible {
    public var operation: String
    public var problem: String

    public var description: String { "\(operation): \(problem)" }
}
