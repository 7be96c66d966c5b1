/// Lambda: invocations here, functions and event source mappings in files of their own.
public struct Lambda: Sendable {
    /// An invocation's outcome. A function that failed is an answer, not a thrown error.
    public struct InvokeResult: Sendable, Hashable {
        /// 200, or 202 for an asynchronous invocation.
        public var statusCode: Int
        public var payload: [UInt8]
        /// `Handled` or `Unhandled` where the function failed; the payload then describes the error.
        public var functionError: String?

        public init(statusCode: Int, payload: [UInt8], functionError: String? = nil) {
            self.statusCode = statusCode
            self.payload = payload
            self.functionError = functionError
        }

        /// Whether it is Lambda that tells of the error, and not the function: its process ended, or was stopped at its timeout.
        public var hasDied: Bool {
            guard functionError != nil, let report = try? JSON(parsing: payload) else { return false }
            return ["Runtime.ExitError", "Sandbox.Timedout"].contains(report["errorType"].string)
                || report["errorMessage"].string?.contains("Task timed out") == true
        }
    }

    let client: AWSClient

    public init(_ client: AWSClient) {
        self.client = client
    }

    /// - Parameters:
    ///   - name: or ARN, with an optional `:qualifier`.
    ///   - payload: JSON; at most 6 MB, asynchronously 1 MB.
    ///   - async: queues the invocation and returns at once.
    ///   - timeout: should exceed the function's own; the client's where nil.
    ///   - retry: by default only what was certainly not sent is sent again, as a function may act twice.
    /// - Throws: `AWSError`, with `isThrottling` where the function's or the account's concurrency is used up.
    public func invoke(
        _ name: String, payload: [UInt8], async: Bool = false, timeout: Duration? = nil,
        retry: RetryRule = .whenUnsent
    ) async throws -> InvokeResult {
        var request = AWSRequest(.lambda, "Invoke", path: "\(Self.functions)/\(name.percentEncoded())/invocations")
        request.headers["content-type"] = "application/json"
        request.headers["x-amz-invocation-type"] = async ? "Event" : "RequestResponse"
        request.body = payload
        request.timeout = timeout
        request.retry = retry
        let response = try await client.send(request)
        return InvokeResult(
            statusCode: response.statusCode, payload: response.body,
            functionError: response.headers["x-amz-function-error"])
    }

    /// How many invocations the account runs at once in this region, and how many of those no function has reserved.
    public func accountConcurrencyLimit() async throws -> (total: Int, unreserved: Int) {
        let answer = try await client.rest(.lambda, "GetAccountSettings", "GET", "/2016-08-19/account-settings")
        let limit = answer["AccountLimit"]
        guard let total = limit["ConcurrentExecutions"].int else {
            throw UnexpectedAnswer(service: "Lambda", operation: "GetAccountSettings", problem: "no AccountLimit")
        }
        return (total, limit["UnreservedConcurrentExecutions"].int ?? total)
    }

    static let functions = "/2015-03-31/functions"

    static func path(of function: String) -> String { "\(functions)/\(function.percentEncoded())" }
}
