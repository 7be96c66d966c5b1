import AWS
import Foundation
import TestSupport
import Testing

@Suite(.localCloud) struct LambdaContractTests {
    /// Answers with what it was given, or fails when told to.
    static let source = """
        import os, sys
        def handler(event, context):
            print("called", file=sys.stderr)
            if event.get("fail"):
                raise ValueError("told to fail")
            return {"given": event, "greeting": os.environ["GREETING"]}
        """

    func withFunction(_ body: (Lambda, String) async throws -> Void) async throws {
        let lambda = Lambda(try await CloudFixture.client())
        let name = CloudFixture.uniqueName("function")
        try await lambda.createFunction(
            .init(
                name: name, roleArn: "arn:aws:iam::000000000000:role/any", runtime: "python3.11",
                handler: "index.handler", zip: storedZip(name: "index.py", Array(Self.source.utf8)),
                memoryMiB: 256, timeoutSeconds: 10, environment: ["GREETING": "hello"], tags: ["a": "b"]))
        try await lambda.waitUntilActive(name, deadline: .seconds(60))
        try await body(lambda, name)
        try await lambda.deleteFunction(name)
        try await lambda.deleteFunction(name)
        #expect(try await lambda.getFunction(name) == nil)
    }

    @Test func `a function is described, invoked, stopped and removed`() async throws {
        try await withFunction { lambda, name in
            let described = try #require(try await lambda.getFunction(name))
            #expect(described.arn.hasSuffix(":function:\(name)"))
            #expect(described.memoryMiB == 256 && described.timeoutSeconds == 10)
            #expect(described.environment == ["GREETING": "hello"] && described.tags == ["a": "b"])

            let answer = try await lambda.invoke(described.arn, payload: Array(#"{"a":1}"#.utf8))
            #expect(answer.statusCode == 200 && answer.functionError == nil)
            #expect(try JSON(parsing: answer.payload) == ["given": ["a": 1], "greeting": "hello"])

            let failed = try await lambda.invoke(name, payload: Array(#"{"fail":true}"#.utf8))
            #expect(failed.functionError == "Unhandled")
            #expect(try JSON(parsing: failed.payload)["errorMessage"] == "told to fail")

            #expect(try await lambda.invoke(name, payload: Array("{}".utf8), async: true).statusCode == 202)

            try await lambda.putConcurrency(name, reserved: 0)
            #expect(try await lambda.getFunction(name)?.reservedConcurrency == 0)
            let stopped = await #expect(throws: AWSError.self) {
                try await lambda.invoke(name, payload: Array("{}".utf8))
            }
            #expect(stopped?.isThrottling == true)
            try await lambda.putConcurrency(name, reserved: nil)

            for _ in 1...2 {
                try await lambda.addPermission(
                    name, statementId: "api", principal: "apigateway.amazonaws.com",
                    sourceArn: "arn:aws:execute-api:eu-west-1:000000000000:abc/*")
            }
        }
    }

    @Test func `a function that exists is not made again`() async throws {
        try await withFunction { lambda, name in
            let error = await #expect(throws: AWSError.self) {
                try await lambda.createFunction(
                    .init(
                        name: name, roleArn: "arn:aws:iam::000000000000:role/any", runtime: "python3.11",
                        handler: "index.handler", zip: storedZip(name: "index.py", [0x0A])))
            }
            #expect(error?.isAlreadyExists == true)
            let missing = await #expect(throws: AWSError.self) { try await lambda.invoke("none-\(name)", payload: []) }
            #expect(missing?.isNotFound == true)
        }
    }

    @Test func `a mapping feeds a stream to a function until it is removed`() async throws {
        let kinesis = Kinesis(try await CloudFixture.client())
        let stream = CloudFixture.uniqueName("source")
        try await kinesis.createStream(stream, shards: 1)
        let source = try #require(try await kinesis.waitUntilActive(stream)).arn
        try await withFunction { lambda, name in
            #expect(try await lambda.listEventSourceMappings(function: name).isEmpty)
            let made = try await lambda.createEventSourceMapping(
                function: name, sourceArn: source, batchSize: 50, startingPosition: .oldest, tags: ["a": "b"],
                enabled: false)
            #expect(made.sourceArn == source && made.batchSize == 50)
            #expect(try await lambda.listEventSourceMappings(function: name).map(\.uuid) == [made.uuid])
            try await lambda.updateEventSourceMapping(made.uuid, enabled: true)
            try await waitUntil("the mapping to be enabled", deadline: .seconds(60)) {
                try await lambda.getEventSourceMapping(made.uuid)?.state == "Enabled"
            }
            try await lambda.deleteEventSourceMapping(made.uuid)
            try await waitUntil("the mapping to be gone", deadline: .seconds(60)) {
                try await lambda.listEventSourceMappings(function: name).isEmpty
            }
            try await lambda.deleteEventSourceMapping(made.uuid)
        }
        try await kinesis.deleteStream(stream)
    }

    @Test func `the account's limit is known`() async throws {
        let limit = try await Lambda(try await CloudFixture.client()).accountConcurrencyLimit()
        #expect(limit.total > 0 && limit.unreserved <= limit.total)
    }
}
