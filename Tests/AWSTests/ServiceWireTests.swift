import Testing

@testable import AWS

@Suite struct ServiceWireTests {
    @Test func `an invocation names the function by its ARN, encoded`() async throws {
        let transport = ScriptedTransport([
            ScriptedTransport.answer(200, #"{"errorMessage":"x"}"#, headers: ["X-Amz-Function-Error": "Unhandled"])
        ])
        let result = try await Lambda(scriptedClient(transport)).invoke(
            "arn:aws:lambda:eu-west-1:1:function:f", payload: Array("{}".utf8))
        #expect(result.functionError == "Unhandled")
        #expect(
            transport.requests[0].url
                == "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A1%3Afunction%3Af/invocations"
        )
        #expect(transport.requests[0].headers["x-amz-invocation-type"] == "RequestResponse")
    }

    @Test func `pages of resources are followed to the end`() async throws {
        let transport = ScriptedTransport([
            ScriptedTransport.answer(
                200, #"{"PaginationToken":"p","ResourceTagMappingList":[{"ResourceARN":"a","Tags":[{"Key":"k","Value":"v"}]}]}"#),
            ScriptedTransport.answer(200, #"{"PaginationToken":"","ResourceTagMappingList":[{"ResourceARN":"b"}]}"#),
        ])
        let found = try await Tagging(scriptedClient(transport)).resources(tags: ["k": "v"])
        #expect(found == [.init(arn: "a", tags: ["k": "v"]), .init(arn: "b", tags: [:])])
        #expect(text(transport.requests[0].body) == #"{"TagFilters":[{"Key":"k","Values":["v"]}]}"#)
        #expect(
            text(transport.requests[1].body) == #"{"PaginationToken":"p","TagFilters":[{"Key":"k","Values":["v"]}]}"#)
    }

    @Test func `a fresh role that Lambda can't assume yet is waited for`() async throws {
        let transport = ScriptedTransport([
            ScriptedTransport.error(
                "InvalidParameterValueException", message: "The role defined for the function cannot be assumed by Lambda."),
            ScriptedTransport.answer(201, #"{"FunctionName":"f","FunctionArn":"arn","State":"Pending"}"#),
        ])
        let clock = TestClock()
        let made = try await Lambda(scriptedClient(transport, clock: clock)).createFunction(
            .init(name: "f", roleArn: "r", runtime: "provided.al2023", handler: "bootstrap", zip: [1, 2]))
        #expect(made.arn == "arn" && made.state == "Pending")
        #expect(clock.pauses == [.seconds(1)])
    }
}
