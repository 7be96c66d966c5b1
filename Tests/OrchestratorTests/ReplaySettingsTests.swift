import EventSourcing
import EventStore
import StackDescription
import Testing

@testable import Orchestrator

@Suite struct ReplaySettingsTests {
    private static let gibibyte = 1 << 30

    @Test func `the direct engine has four segments, whatever the table's size`() {
        #expect(ReplaySettings.choose(.direct, bytes: 500 * Self.gibibyte, invocations: 250) == .direct)
        #expect(ReplaySettings.direct.segments == 4)
    }

    @Test(arguments: [
        (0, 4), (4 * gibibyte, 4), (4 * gibibyte + 1, 5), (300 * gibibyte, 300), (5_000 * gibibyte, 1_000),
    ])
    func `a state machine has a segment for each gibibyte, within bounds`(bytes: Int, segments: Int) {
        #expect(ReplaySettings.choose(.stepFunctions, bytes: bytes, invocations: 250).segments == segments)
    }

    @Test(arguments: [(250, 40), (25, 25), (2, 2), (0, 1)])
    func `no more workers than may run, or than a table can take`(invocations: Int, width: Int) {
        #expect(ReplaySettings.choose(.stepFunctions, bytes: 300 * Self.gibibyte, invocations: invocations).width == width)
    }

    @Test func `no more workers than segments`() {
        #expect(ReplaySettings.choose(.stepFunctions, bytes: 6 * Self.gibibyte, invocations: 250).width == 6)
    }

    @Test func `a store's bytes follow the average item, or a typical one`() {
        #expect(StoreSize(events: 1_200, tableItems: 1_000, tableBytes: 300_000).bytes == 360_000)
        let unknown = StoreSize(events: 10, tableItems: 0, tableBytes: 0)
        #expect(unknown.bytes == 6_000 && !unknown.isMeasured)
    }

    @Test func `all orders of the most segments fit an execution's input`() throws {
        let orders = (0..<1_000).map {
            ReplayOrder(pass: .merge, segment: $0, total: 1_000, seconds: 900, unitsPerSecond: 1_000.0 / 3, quarantine: true)
        }
        #expect(try StableJSON.encode(["orders": orders]).utf8.count < 256 * 1_024)
    }
}

@Suite struct ReplayMachineTests {
    /// Literal, as a state machine's language is a wire format: a change of one byte makes another machine.
    @Test func `each segment is worked on until it is finished`() {
        let machine = ReplayMachine(function: "arn:f", width: 4, timeoutSeconds: 25)
        #expect(
            machine.definition == #"""
                {"Comment":"Calls the replay function for each segment until it is finished","StartAt":"Segments","States":{"Segments":\#
                {"End":true,"ItemProcessor":{"ProcessorConfig":{"ExecutionType":"STANDARD","Mode":"DISTRIBUTED"},"StartAt":"Work","States":\#
                {"Check":{"Choices":[{"BooleanEquals":true,"Next":"Done","Variable":"$.answer.finished"}],"Default":"Work","Type":"Choice"},\#
                "Done":{"End":true,"OutputPath":null,"Type":"Pass"},\#
                "Work":{"Next":"Check","Parameters":{"FunctionName":"arn:f","Payload.$":"$"},"Resource":"arn:aws:states:::lambda:invoke",\#
                "ResultPath":"$.answer","ResultSelector":{"finished.$":"$.Payload.finished"},"Retry":[\#
                {"BackoffRate":2,"ErrorEquals":["Lambda.TooManyRequestsException"],"IntervalSeconds":1,"JitterStrategy":"FULL","MaxAttempts":1000,"MaxDelaySeconds":30},\#
                {"BackoffRate":2,"ErrorEquals":["Lambda.ServiceException","Lambda.AWSLambdaException","Lambda.SdkClientException",\#
                "Lambda.ClientExecutionTimeoutException","Lambda.Unknown","Runtime.ExitError","Sandbox.Timedout","States.Timeout","AWSError","ConnectionError"],\#
                "IntervalSeconds":1,"JitterStrategy":"FULL","MaxAttempts":6,"MaxDelaySeconds":30}],"TimeoutSeconds":85,"Type":"Task"}}},\#
                "ItemsPath":"$.orders","Label":"segments","MaxConcurrency":4,"OutputPath":null,"ResultPath":null,"Type":"Map"}}}
                """#)
    }
}
