import Foundation
import Testing

@testable import AWS

/// What goes over the wire, byte for byte, and what comes back against a script.
@Suite struct DynamoDBWireTests {
    @Test func `a request is signed and addressed to the region`() async throws {
        let transport = ScriptedTransport([ScriptedTransport.answer(200, #"{"Item":{"id":{"S":"a"}}}"#)])
        let item = try await DynamoDB(scriptedClient(transport)).getItem("t", ["id": "a"])
        #expect(item == ["id": "a"])
        let request = try #require(transport.requests.first)
        #expect(request.method == "POST" && request.url == "https://dynamodb.eu-west-1.amazonaws.com/")
        #expect(request.headers["X-Amz-Target"] == "DynamoDB_20120810.GetItem")
        #expect(request.headers["Content-Type"] == "application/x-amz-json-1.0")
        #expect(request.headers["X-Amz-Date"] == "20150830T123600Z")
        #expect(
            request.headers["Authorization"]?.hasPrefix(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/dynamodb/aws4_request, "
                    + "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=") == true)
        #expect(text(request.body) == #"{"TableName":"t","Key":{"id":{"S":"a"}},"ConsistentRead":true}"#)
    }

    @Test func `names of expressions are found in their text`() async throws {
        let transport = ScriptedTransport([ScriptedTransport.answer()])
        try await DynamoDB(scriptedClient(transport)).write(
            .update(
                "t", ["id": "a"], "ADD #events :n SET #_rev = :r", if: "#owner = :o AND attribute_not_exists(#handover)",
                values: [":n": 2, "r": 1, ":o": "r1"]))
        #expect(
            text(transport.requests[0].body)
                == ##"{"TableName":"t","Key":{"id":{"S":"a"}},"UpdateExpression":"ADD #events :n SET #_rev = :r","##
                + ##""ConditionExpression":"#owner = :o AND attribute_not_exists(#handover)","##
                + #""ReturnValuesOnConditionCheckFailure":"ALL_OLD","#
                + ##""ExpressionAttributeNames":{"#_rev":"_rev","#events":"events","#handover":"handover","#owner":"owner"},"##
                + #""ExpressionAttributeValues":{":n":{"N":"2"},":o":{"S":"r1"},":r":{"N":"1"}},"ReturnValues":"ALL_NEW"}"#)
    }

    @Test func `a projection names attributes that expressions can't spell`() async throws {
        let transport = ScriptedTransport([ScriptedTransport.answer(200, #"{"Items":[]}"#)])
        _ = try await DynamoDB(scriptedClient(transport)).scan(.init(table: "t", attributes: ["at", "a.b"]))
        #expect(
            text(transport.requests[0].body)
                == ##"{"TableName":"t","ConsistentRead":true,"ProjectionExpression":"#at, #attribute1","##
                + ##""ExpressionAttributeNames":{"#at":"at","#attribute1":"a.b"}}"##)
    }

    @Test func `the retries of a transaction carry its token`() async throws {
        let transport = ScriptedTransport([
            ScriptedTransport.failure(.connectionLost), ScriptedTransport.error("ThrottlingException"),
            ScriptedTransport.answer(),
        ])
        try await DynamoDB(scriptedClient(transport)).transact([.put("t", ["id": "a"])])
        let bodies = transport.requests.map(\.body)
        #expect(bodies.count == 3 && Set(bodies).count == 1)
        let token = try JSON(parsing: bodies[0])["ClientRequestToken"].string
        #expect(token?.count == 36)

        try await DynamoDB(scriptedClient(transport)).transact([.put("t", ["id": "a"])], token: "mine")
        #expect(
            text(transport.requests[3].body)
                == #"{"ClientRequestToken":"mine","TransactItems":[{"Put":{"TableName":"t","Item":{"id":{"S":"a"}}}}]}"#)
    }

    @Test func `a cancelled transaction is not retried and lists its reasons`() async throws {
        let answer = #"""
            {"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"cancelled",
             "CancellationReasons":[{"Code":"None"},{"Code":"TransactionConflict","Message":"busy"},
             {"Code":"ConditionalCheckFailed","Item":{"id":{"S":"a"}},"Message":"The conditional request failed"}]}
            """#
        let transport = ScriptedTransport([ScriptedTransport.answer(400, answer)])
        let error = await #expect(throws: DynamoDBError.self) {
            try await DynamoDB(scriptedClient(transport)).transact([.put("t", ["id": "a"])])
        }
        #expect(
            error
                == .transactionCancelled([
                    CancellationReason(code: "None"), CancellationReason(code: "TransactionConflict", message: "busy"),
                    CancellationReason(
                        code: "ConditionalCheckFailed", message: "The conditional request failed", item: ["id": "a"]),
                ]))
        #expect(
            error?.description == """
                the transaction was cancelled: action 2: TransactionConflict (busy), \
                action 3: ConditionalCheckFailed (The conditional request failed)
                """)
        #expect(transport.requests.count == 1)
    }

    @Test func `a transaction that only others stand in the way of is tried again where that was asked for`() async throws {
        func cancelled(_ codes: String...) -> ScriptedTransport.Line {
            let reasons = codes.map { #"{"Code":"\#($0)"}"# }.joined(separator: ",")
            return ScriptedTransport.answer(400, #"{"__type":"x#TransactionCanceledException","CancellationReasons":[\#(reasons)]}"#)
        }
        let transport = ScriptedTransport([
            cancelled("None", "TransactionConflict"), cancelled("ThrottlingError", "None"), ScriptedTransport.answer(),
        ])
        let clock = TestClock()
        try await DynamoDB(scriptedClient(transport, clock: clock)).transact([.put("t", ["id": "a"])], tries: 3)
        #expect(transport.requests.count == 3 && clock.pauses.count == 2)
        #expect(Set(try transport.requests.map { try JSON(parsing: $0.body)["ClientRequestToken"].string }).count == 3)

        let twice = ScriptedTransport([cancelled("TransactionConflict")])
        await #expect(throws: DynamoDBError.self) { try await DynamoDB(scriptedClient(twice)).transact([.put("t", ["id": "a"])], tries: 2) }
        #expect(twice.requests.count == 2)

        let refused = ScriptedTransport([cancelled("TransactionConflict", "ConditionalCheckFailed")])
        await #expect(throws: DynamoDBError.self) {
            try await DynamoDB(scriptedClient(refused)).transact([.put("t", ["id": "a"])], tries: 3)
        }
        #expect(refused.requests.count == 1)
    }

    @Test func `what a batch left out is sent again`() async throws {
        let left = #"{"UnprocessedItems":{"t":[{"PutRequest":{"Item":{"id":{"S":"b"}}}}]}}"#
        let transport = ScriptedTransport([
            ScriptedTransport.answer(200, left), ScriptedTransport.answer(200, left),
            ScriptedTransport.answer(200, #"{"UnprocessedItems":{}}"#),
        ])
        let clock = TestClock()
        try await DynamoDB(scriptedClient(transport, clock: clock)).batchPut("t", [["id": "a"], ["id": "b"]])
        #expect(
            transport.requests.map { text($0.body) } == [
                #"{"RequestItems":{"t":[{"PutRequest":{"Item":{"id":{"S":"a"}}}},{"PutRequest":{"Item":{"id":{"S":"b"}}}}]}}"#,
                #"{"RequestItems":{"t":[{"PutRequest":{"Item":{"id":{"S":"b"}}}}]}}"#,
                #"{"RequestItems":{"t":[{"PutRequest":{"Item":{"id":{"S":"b"}}}}]}}"#,
            ])
        #expect(clock.pauses == [.milliseconds(50), .milliseconds(100)])
    }

    @Test func `keys that a batch left out are asked for again`() async throws {
        let transport = ScriptedTransport([
            ScriptedTransport.answer(
                200,
                #"{"Responses":{"t":[{"id":{"S":"a"}}]},"UnprocessedKeys":{"t":{"ConsistentRead":true,"Keys":[{"id":{"S":"b"}}]}}}"#
            ),
            ScriptedTransport.answer(200, #"{"Responses":{"t":[{"id":{"S":"b"}}]},"UnprocessedKeys":{}}"#),
        ])
        let found = try await DynamoDB(scriptedClient(transport)).batchGet("t", keys: [["id": "a"], ["id": "b"]])
        #expect(found == [["id": "a"], ["id": "b"]])
        #expect(
            text(transport.requests[1].body)
                == #"{"RequestItems":{"t":{"Keys":[{"id":{"S":"b"}}],"ConsistentRead":true}}}"#)
    }

    @Test func `a batch of which nothing is ever taken fails`() async throws {
        let transport = ScriptedTransport([
            ScriptedTransport.answer(200, #"{"UnprocessedItems":{"t":[{"DeleteRequest":{"Key":{"id":{"S":"a"}}}}]}}"#)
        ])
        let error = await #expect(throws: AWSError.self) {
            try await DynamoDB(scriptedClient(transport)).batchDelete("t", keys: [["id": "a"]])
        }
        #expect(error?.isThrottling == true)
        #expect(transport.requests.count == DynamoDB.fruitlessRounds)
    }

    @Test func `an answer that isn't DynamoDB's is named as such`() async throws {
        let transport = ScriptedTransport([ScriptedTransport.answer(200, "<html>")])
        let error = await #expect(throws: UnexpectedAnswer.self) {
            try await DynamoDB(scriptedClient(transport)).getItem("t", ["id": "a"])
        }
        #expect(error?.operation == "GetItem")
    }

    @Test func `a second mapping of a source is one that exists`() async throws {
        let transport = ScriptedTransport([
            ScriptedTransport.answer(
                409, #"{"Type":"User","Message":"The event source arn and function already exist."}"#,
                headers: ["x-amzn-ErrorType": "ResourceConflictException"])
        ])
        let error = await #expect(throws: AWSError.self) {
            try await Lambda(scriptedClient(transport)).createEventSourceMapping(function: "f", sourceArn: "s")
        }
        #expect(error?.isAlreadyExists == true)
    }
}
