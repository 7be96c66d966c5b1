import Testing

@testable import FireDrill

@Suite struct OperationTests {
    private func operation(
        _ method: String, _ path: String, host: String = "127.0.0.1:4566", target: String? = nil, service: String? = nil, body: String = ""
    ) -> String {
        let authorization = service.map { "AWS4-HMAC-SHA256 Credential=test/20250101/us-east-1/\($0)/aws4_request, SignedHeaders=host" }
        return Operation(method: method, path: path, host: host, target: target, authorization: authorization, body: body).description
    }

    @Test func `an operation is told from its request`() {
        #expect(operation("POST", "/", target: "DynamoDB_20120810.PutItem", service: "dynamodb") == "dynamodb PutItem")
        #expect(operation("POST", "/2015-03-31/functions/orders-r1-x/invocations", service: "lambda") == "lambda Invoke")
        #expect(
            operation("GET", "/2015-03-31/functions/orders-r1-x/configuration?a=b", service: "lambda")
                == "lambda GET functions/*/configuration")
        #expect(operation("POST", "/v2/email/outbound-emails", service: "ses") == "ses SendEmail")
        #expect(operation("POST", "/", service: "iam", body: "Action=CreateRole&RoleName=x") == "iam CreateRole")
        #expect(operation("PUT", "/bucket/key", service: "s3") == "s3 PUT")
        #expect(operation("GET", "/orders/o-1", host: "api.orders.example") == "domain GET orders/*")
    }
}
