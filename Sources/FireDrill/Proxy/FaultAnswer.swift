import AWS
import Foundation

/// An HTTP answer as it goes over the wire.
struct WireAnswer: Sendable {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: [UInt8]
}

/// Error answers as the services give them.
enum FaultAnswer {
    static func throttled(_ operation: Operation) -> WireAnswer {
        switch operation.service {
        case .target("dynamodb"): json(400, "ProvisionedThroughputExceededException", "The level of configured throughput is exceeded.")
        case .target: json(400, "ThrottlingException", "Rate exceeded")
        case .rest: rest(429, "TooManyRequestsException", "Rate exceeded")
        case .form:
            xml(
                400,
                "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>")
        case .s3: xml(503, "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>")
        case .domain: rest(503, nil, "Service Unavailable")
        }
    }

    static func failed(_ operation: Operation) -> WireAnswer {
        switch operation.service {
        case .target: json(500, "InternalServerError", "The request processing has failed because of an unknown error.")
        case .rest: rest(500, "ServiceException", "The service encountered an internal error.")
        case .form:
            xml(
                500,
                "<ErrorResponse><Error><Type>Receiver</Type><Code>InternalFailure</Code><Message>internal error</Message></Error></ErrorResponse>"
            )
        case .s3: xml(500, "<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>")
        case .domain: rest(500, nil, "Internal Server Error")
        }
    }

    /// Another transaction holds the first item of a transaction, or the item of a write.
    static func conflict(_ operation: Operation, request: [UInt8]) -> WireAnswer {
        let message = "Transaction is ongoing for the item"
        guard operation.name == "TransactWriteItems" else { return json(400, "TransactionConflictException", message) }
        let count = (try? JSON(parsing: request))?["TransactItems"].array?.count ?? 1
        let reasons = (0..<count).map { index -> JSON in
            index == 0 ? ["Code": "TransactionConflict", "Message": .string(message)] : ["Code": "None"]
        }
        let codes = (0..<count).map { $0 == 0 ? "TransactionConflict" : "None" }.joined(separator: ", ")
        let members: JSON = [
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "Message": .string("Transaction cancelled, please refer cancellation reasons for specific reasons [\(codes)]"),
            "CancellationReasons": .array(reasons),
        ]
        return WireAnswer(status: 400, headers: [("content-type", "application/x-amz-json-1.0")], body: members.bytes)
    }

    private static func json(_ status: Int, _ code: String, _ message: String) -> WireAnswer {
        let body: JSON = ["__type": .string("com.amazonaws#" + code), "message": .string(message)]
        return WireAnswer(status: status, headers: [("content-type", "application/x-amz-json-1.0")], body: body.bytes)
    }

    private static func rest(_ status: Int, _ code: String?, _ message: String) -> WireAnswer {
        let body: JSON = ["message": .string(message)]
        return WireAnswer(
            status: status, headers: [("content-type", "application/json")] + (code.map { [("x-amzn-errortype", $0)] } ?? []),
            body: body.bytes)
    }

    private static func xml(_ status: Int, _ text: String) -> WireAnswer {
        WireAnswer(status: status, headers: [("content-type", "text/xml")], body: Array(text.utf8))
    }
}
