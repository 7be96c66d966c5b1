/// One operation of a service, before it has an endpoint and a signature.
public struct AWSRequest: Sendable {
    public var service: AWSService
    /// In messages, e.g. `PutItem`.
    public var operation: String
    public var method: String
    /// Percent-encoded, beginning with a slash.
    public var path: String
    /// Not yet encoded.
    public var query: [(name: String, value: String)] = []
    public var headers: HTTPHeaders = [:]
    public var body: [UInt8] = []
    /// Of one try, instead of the client's own.
    public var timeout: Duration?
    public var retry: RetryRule = .whenTransient
    public var isSigned = true

    public init(_ service: AWSService, _ operation: String, method: String = "POST", path: String = "/") {
        self.service = service
        self.operation = operation
        self.method = method
        self.path = path
    }
}
