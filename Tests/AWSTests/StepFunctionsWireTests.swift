import Testing

@testable import AWS

@Suite struct StepFunctionsWireTests {
    private static let machine = "arn:aws:states:eu-west-1:1:stateMachine:m"
    private static let execution = "arn:aws:states:eu-west-1:1:execution:m:copy-1"

    @Test func `a state machine is a standard workflow, with its tags in lower case`() async throws {
        let transport = ScriptedTransport([ScriptedTransport.answer(200, #"{"stateMachineArn":"arn","creationDate":1.5}"#)])
        let arn = try await StepFunctions(scriptedClient(transport)).createStateMachine(
            "m", roleArn: "role", definition: #"{"StartAt":"A"}"#, tags: ["immutable-stack:stack": "s", "immutable-stack:release": "r2"])
        #expect(arn == "arn")
        let request = transport.requests[0]
        #expect(request.url == "https://states.eu-west-1.amazonaws.com/")
        #expect(request.headers["x-amz-target"] == "AWSStepFunctions.CreateStateMachine")
        #expect(request.headers["content-type"] == "application/x-amz-json-1.0")
        #expect(
            text(request.body)
                == #"{"definition":"{\"StartAt\":\"A\"}","name":"m","roleArn":"role","tags":[{"key":"immutable-stack:release","value":"r2"},{"key":"immutable-stack:stack","value":"s"}],"type":"STANDARD"}"#
        )
    }

    @Test func `a fresh role that Step Functions can't assume yet is waited for`() async throws {
        let transport = ScriptedTransport([
            ScriptedTransport.error(
                "AccessDeniedException",
                message:
                    "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role."
            ),
            ScriptedTransport.answer(200, #"{"stateMachineArn":"arn"}"#),
        ])
        let clock = TestClock()
        let steps = StepFunctions(scriptedClient(transport, clock: clock))
        #expect(try await steps.createStateMachine("m", roleArn: "r", definition: "{}") == "arn")
        #expect(clock.pauses == [.seconds(1)])
    }

    @Test func `another machine of that name, and a name that was used, exist already`() async throws {
        for code in ["StateMachineAlreadyExists", "ExecutionAlreadyExists"] {
            let transport = ScriptedTransport([ScriptedTransport.error(code)])
            let error = await #expect(throws: AWSError.self) {
                try await StepFunctions(scriptedClient(transport)).startExecution(of: Self.machine, name: "copy-1", input: "{}")
            }
            #expect(error?.isAlreadyExists == true && error?.isNotFound == false)
            #expect(transport.requests.count == 1)
            #expect(text(transport.requests[0].body) == #"{"input":"{}","name":"copy-1","stateMachineArn":"\#(Self.machine)"}"#)
        }
    }

    @Test func `an execution is looked at, stopped, and absent where there is none`() async throws {
        let transport = ScriptedTransport([
            ScriptedTransport.answer(
                200, #"{"status":"FAILED","input":"{}","error":"TransformFailed","cause":"{\"errorMessage\":\"x\"}"}"#),
            ScriptedTransport.answer(200, #"{"status":"RUNNING"}"#),
            ScriptedTransport.error("ExecutionDoesNotExist"),
            ScriptedTransport.answer(200, #"{"stopDate":1}"#),
            ScriptedTransport.error("StateMachineDoesNotExist"),
        ])
        let steps = StepFunctions(scriptedClient(transport))
        #expect(
            try await steps.describeExecution(Self.execution)
                == .init(status: "FAILED", error: "TransformFailed", input: "{}", cause: #"{"errorMessage":"x"}"#))
        #expect(try await steps.describeExecution(Self.execution)?.isRunning == true)
        #expect(try await steps.describeExecution(Self.execution) == nil)
        try await steps.stopExecution(Self.execution, cause: "why")
        #expect(text(transport.requests[3].body) == #"{"cause":"why","executionArn":"\#(Self.execution)"}"#)
        #expect(try await steps.stateMachineStatus(Self.machine) == nil)
        #expect(text(transport.requests[4].body) == #"{"stateMachineArn":"\#(Self.machine)"}"#)
    }

    @Test func `pages of executions are followed to the end`() async throws {
        let transport = ScriptedTransport([
            ScriptedTransport.answer(200, #"{"executions":[{"executionArn":"a"}],"nextToken":"t"}"#),
            ScriptedTransport.answer(200, #"{"executions":[{"executionArn":"b"}]}"#),
            ScriptedTransport.answer(200, #"{"mapRuns":[{"mapRunArn":"m"}]}"#),
            ScriptedTransport.error("ExecutionDoesNotExist"),
        ])
        let steps = StepFunctions(scriptedClient(transport))
        #expect(try await steps.executions(ofMapRun: "run", status: "FAILED") == ["a", "b"])
        #expect(text(transport.requests[0].body) == #"{"mapRunArn":"run","statusFilter":"FAILED"}"#)
        #expect(text(transport.requests[1].body) == #"{"mapRunArn":"run","nextToken":"t","statusFilter":"FAILED"}"#)
        #expect(try await steps.mapRuns(of: Self.execution) == ["m"])
        #expect(text(transport.requests[2].body) == #"{"executionArn":"\#(Self.execution)"}"#)
        #expect(try await steps.mapRuns(of: Self.execution).isEmpty)
    }
}
