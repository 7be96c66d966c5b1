/// The service answered, and the answer is an error.
public struct AWSError: Error, Sendable, Hashable, CustomStringConvertible {
    /// As in messages, e.g. `DynamoDB`.
    public var service: String
    public var operation: String
    /// Without its namespace, e.g. `ResourceNotFoundException`; `HTTP 502` where the answer names none.
    public var code: String
    public var message: String
    public var statusCode: Int
    public var requestId: String?
    /// The answer's body: some errors carry more than a message.
    var body: [UInt8] = []

    public init(
        service: String, operation: String, code: String, message: String, statusCode: Int, requestId: String? = nil
    ) {
        self.service = service
        self.operation = operation
        self.code = code
        self.message = message
        self.statusCode = statusCode
        self.requestId = requestId
    }

    public var description: String {
        var text = "\(service) \(operation): \(code)"
        if !message.isEmpty { text += ": \(message)" }
        text += " (HTTP \(statusCode)" + (requestId.map { ", request \($0))" } ?? ")")
        if let hint { text += "; \(hint)" }
        return text
    }

    /// The service is being asked too much, or a limit of the table, function or account is reached.
    public var isThrottling: Bool {
        Self.throttling.contains(code) || statusCode == 429
    }

    /// The same request may succeed in a moment.
    public var isTransient: Bool {
        Self.transient.contains(code) || [500, 502, 503, 504].contains(statusCode)
    }

    /// The thing that was asked for, or named in the request, does not exist.
    public var isNotFound: Bool {
        Self.notFound.contains(code) || (statusCode == 404 && code.hasPrefix("HTTP "))
    }

    /// What was to be created or added exists.
    public var isAlreadyExists: Bool {
        if Self.alreadyExists.contains(code) { return true }
        // These codes are also given while a change is under way.
        guard operation.hasPrefix("Create") || operation.hasPrefix("Add") else { return false }
        return code == "ResourceInUseException" || code == "ConflictException"
            || (code == "ResourceConflictException" && message.lowercased().contains("exist"))
    }

    /// The credentials were good once.
    public var isExpiredCredentials: Bool {
        ["ExpiredToken", "ExpiredTokenException", "RequestExpired"].contains(code)
    }

    var kind: FailureKind {
        if isExpiredCredentials { return .expiredCredentials }
        if isThrottling { return .throttling }
        return isTransient ? .transient : .final
    }

    private var hint: String? {
        if isExpiredCredentials { return "refresh the credentials and run again" }
        switch code {
        case "SignatureDoesNotMatch", "InvalidSignatureException", "RequestTimeTooSkewed":
            return "check the secret key and this machine's clock"
        case "UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId":
            return "check the access key, and that it belongs to this account and region"
        case "AccessDenied", "AccessDeniedException", "AccessDeniedExceptionException":
            return "let the caller's policy allow this action"
        default: return nil
        }
    }

    private static let throttling: Set<String> = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "RequestThrottled",
        "TooManyRequestsException", "ProvisionedThroughputExceededException", "RequestLimitExceeded",
        "BandwidthLimitExceeded", "LimitExceededException", "SlowDown", "PriorRequestNotComplete",
        "EC2ThrottledException", "ExecutionLimitExceeded",
    ]
    private static let transient: Set<String> = [
        "TransactionConflictException", "TransactionInProgressException", "RequestTimeout", "RequestTimeoutException",
        "InternalError", "InternalFailure", "InternalServerError", "ServiceUnavailable", "ServiceException",
        "ReplicatedWriteConflictException",
    ]
    private static let notFound: Set<String> = [
        "ResourceNotFoundException", "NoSuchEntity", "NoSuchEntityException", "NotFoundException", "NoSuchBucket",
        "NoSuchKey", "TableNotFoundException", "BackupNotFoundException", "StateMachineDoesNotExist",
        "ExecutionDoesNotExist", "index_not_found_exception", "aliases_not_found_exception",
    ]
    private static let alreadyExists: Set<String> = [
        "ResourceAlreadyExistsException", "EntityAlreadyExists", "EntityAlreadyExistsException",
        "TableAlreadyExistsException", "BucketAlreadyOwnedByYou", "BucketAlreadyExists", "AlreadyExistsException",
        "StateMachineAlreadyExists", "ExecutionAlreadyExists", "resource_already_exists_exception",
    ]
}

extension AWSError {
    /// Reads an error answer: JSON (`__type`, `code`, OpenSearch's `error` or the header `x-amzn-ErrorType`) or XML (`<Error><Code>`).
    init(_ response: HTTPResponse, service: String, operation: String) {
        var code: String?
        var message: String?
        let headers = response.headers
        var requestId = headers["x-amzn-RequestId"] ?? headers["x-amz-request-id"] ?? headers["x-amz-id-2"]
        let firstByte = response.body.first { !$0.isASCIIWhitespace }
        if firstByte == UInt8(ascii: "<"), let xml = try? XMLElement(parsing: response.body) {
            let error = xml.name == "Error" ? xml : xml.first("Error") ?? xml.first("Errors")?.first("Error")
            code = error?.first("Code")?.text
            message = error?.first("Message")?.text
            requestId = requestId ?? xml.first("RequestId")?.text ?? xml.first("RequestID")?.text
        } else if let json = try? JSON(parsing: response.body) {
            code = json["__type"].string ?? json["code"].string ?? json["Code"].string ?? json["error"]["type"].string
            message =
                json["message"].string ?? json["Message"].string ?? json["errorMessage"].string ?? json["error"]["reason"].string
        }
        code = headers["x-amzn-ErrorType"] ?? code
        // "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "ResourceNotFoundException:http://…"
        let bare = code?.split(separator: "#").last?.split(separator: ":").first.map(String.init)
        self.init(
            service: service, operation: operation, code: bare ?? "HTTP \(response.statusCode)",
            message: message ?? (bare == nil ? String(decoding: response.body.prefix(300), as: UTF8.self) : ""),
            statusCode: response.statusCode, requestId: requestId)
        body = response.body
    }
}
