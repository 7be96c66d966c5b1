import Foundation
import Testing

@testable import AWS

@Suite struct RetryTests {
    static let request = AWSRequest(.dynamoDB, "GetItem")

    @Test func `a throttled request is sent again after a growing pause`() async throws {
        let transport = ScriptedTransport([
            ScriptedTransport.error("ProvisionedThroughputExceededException"),
            ScriptedTransport.error("ThrottlingException"), ScriptedTransport.answer(),
        ])
        let clock = TestClock()
        _ = try await scriptedClient(transport, clock: clock).send(Self.request)
        #expect(transport.requests.count == 3)
        #expect(clock.pauses == [.milliseconds(50), .milliseconds(100)])
    }

    @Test func `a control plane that throttles is given more time`() async throws {
        let transport = ScriptedTransport([
            ScriptedTransport.error("TooManyRequestsException", status: 429), ScriptedTransport.answer(),
        ])
        let clock = TestClock()
        _ = try await scriptedClient(transport, clock: clock).send(AWSRequest(.apiGateway, "CreateApi"))
        #expect(clock.pauses == [.milliseconds(500)])
    }

    @Test(arguments: [500, 502, 503, 504])
    func `a server's failure is retried`(status: Int) async throws {
        let transport = ScriptedTransport([ScriptedTransport.answer(status, "oops"), ScriptedTransport.answer()])
        _ = try await scriptedClient(transport).send(Self.request)
        #expect(transport.requests.count == 2)
    }

    @Test(arguments: ["TransactionConflictException", "TransactionInProgressException"])
    func `a conflict with a running transaction is retried`(code: String) async throws {
        let transport = ScriptedTransport([ScriptedTransport.error(code), ScriptedTransport.answer()])
        _ = try await scriptedClient(transport).send(Self.request)
        #expect(transport.requests.count == 2)
    }

    @Test(arguments: ["ValidationException", "TransactionCanceledException", "ConditionalCheckFailedException"])
    func `a refusal is final`(code: String) async throws {
        let transport = ScriptedTransport([ScriptedTransport.error(code)])
        let error = await #expect(throws: AWSError.self) {
            try await scriptedClient(transport).send(Self.request)
        }
        #expect(error?.code == code)
        #expect(transport.requests.count == 1)
    }

    @Test func `the last failure is thrown after three tries`() async throws {
        let transport = ScriptedTransport([ScriptedTransport.failure(.couldNotConnect)])
        let error = await #expect(throws: ConnectionError.self) {
            try await scriptedClient(
                transport, endpoints: EndpointResolver(forAll: try Endpoint("http://127.0.0.1:1"))
            ).send(Self.request)
        }
        #expect(transport.requests.count == 3)
        #expect(
            error?.description == """
                could not reach http://127.0.0.1:1/ (DynamoDB): connection refused (tried 3 times); \
                is the endpoint in AWS_ENDPOINT_URL or the region right, and is it up?
                """)
    }

    @Test func `what may have been carried out is not sent again where that matters`() async throws {
        for kind in [TransportError.Kind.timedOut, .connectionLost] {
            let transport = ScriptedTransport([ScriptedTransport.failure(kind)])
            let client = scriptedClient(transport)
            await #expect(throws: ConnectionError.self) {
                try await Lambda(client).invoke("f", payload: [])
            }
            await #expect(throws: ConnectionError.self) {
                try await SES(client).sendEmail(from: "a@b.example", to: ["c@d.example"], subject: "", text: "")
            }
            #expect(transport.requests.count == 2)
        }
    }

    @Test func `what was certainly not sent is sent again even there`() async throws {
        let transport = ScriptedTransport([ScriptedTransport.failure(.couldNotConnect), ScriptedTransport.answer()])
        _ = try await Lambda(scriptedClient(transport)).invoke("f", payload: [])
        #expect(transport.requests.count == 2)
    }

    @Test func `a throttled creation is sent again and a broken one is not`() async throws {
        let throttled = ScriptedTransport([
            ScriptedTransport.error("TooManyRequestsException", status: 429), ScriptedTransport.answer(),
        ])
        _ = try await APIGateway(scriptedClient(throttled)).createApi("a")
        #expect(throttled.requests.count == 2)
        let broken = ScriptedTransport([ScriptedTransport.answer(500, "{}"), ScriptedTransport.answer()])
        await #expect(throws: AWSError.self) { try await APIGateway(scriptedClient(broken)).createApi("a") }
        #expect(broken.requests.count == 1)
    }

    @Test func `the retry quota is used up by failures and filled by successes`() async throws {
        let failing = ScriptedTransport([ScriptedTransport.failure(.timedOut)])
        let client = scriptedClient(failing, retry: RetryPolicy(maxAttempts: 1000))
        await #expect(throws: ConnectionError.self) { try await client.send(Self.request) }
        // 500 tokens at 10 for each retry after a timeout.
        #expect(failing.requests.count == 51)
        #expect(client.quota.available == 0)

        client.quota.succeeded(price: nil)
        client.quota.succeeded(price: 10)
        #expect(client.quota.available == 11)
    }

    @Test func `the pause is a random part of its bound, and the bound has a cap`() {
        let policy = RetryPolicy()
        #expect(policy.delay(after: 1, random: 0) == .zero)
        #expect(policy.delay(after: 2, random: 0.5) == .milliseconds(50))
        #expect(policy.delay(after: 60, random: 1) == .seconds(20))
    }

    @Test func `expired credentials are renewed once`() async throws {
        let expired = ScriptedTransport.error("ExpiredTokenException", message: "The security token is expired")
        let source = CountingCredentials()
        let transport = ScriptedTransport([expired, ScriptedTransport.answer()])
        _ = try await scriptedClient(transport, credentials: CachedCredentials(source)).send(Self.request)
        #expect(await source.count == 2)

        let never = ScriptedTransport([expired])
        let error = await #expect(throws: AWSError.self) {
            try await scriptedClient(never, credentials: CachedCredentials(source)).send(Self.request)
        }
        #expect(never.requests.count == 2)
        #expect(
            error?.description == """
                DynamoDB GetItem: ExpiredTokenException: The security token is expired (HTTP 400); \
                refresh the credentials and run again
                """)
    }

    @Test func `a cancelled request is not retried`() async throws {
        let transport = ScriptedTransport([ScriptedTransport.answer(500, "")])
        let client = scriptedClient(transport)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await client.send(Self.request)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(transport.requests.isEmpty)
    }

    @Test func `errors are read from headers, JSON and XML`() {
        func error(_ body: String, _ headers: HTTPHeaders = [:]) -> AWSError {
            AWSError(
                HTTPResponse(statusCode: 400, headers: headers, body: Array(body.utf8)), service: "S", operation: "O")
        }
        let json = error(#"{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"m"}"#)
        #expect(json.code == "ResourceNotFoundException" && json.message == "m" && json.isNotFound)
        let header = error(
            #"{"Type":"User","Message":"gone"}"#,
            ["x-amzn-ErrorType": "ResourceNotFoundException:http://x/", "x-amzn-RequestId": "id-1"])
        #expect(header.code == "ResourceNotFoundException" && header.message == "gone" && header.requestId == "id-1")
        let query = error(
            """
            <ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>\
            <Code>NoSuchEntity</Code><Message>no &lt;role&gt;</Message></Error><RequestId>r</RequestId></ErrorResponse>
            """)
        #expect(query.code == "NoSuchEntity" && query.message == "no <role>" && query.requestId == "r")
        let s3 = error("<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey</Code><Message>m</Message></Error>")
        #expect(s3.code == "NoSuchKey" && s3.isNotFound)
        #expect(error("<html>").description == "S O: HTTP 400: <html> (HTTP 400)")
    }
}

actor CountingCredentials: CredentialProvider {
    private(set) var count = 0

    func credentials() async throws -> Credentials {
        count += 1
        return Credentials(accessKeyId: "key-\(count)", secretAccessKey: "s")
    }
}
