import AWS
import EventStore

/// The state machine that calls a release's replay function: one item of a distributed map for each segment, again and again until it is finished.
struct ReplayMachine: Sendable {
    let function: String
    /// Segments at a time.
    let width: Int
    /// Of the function.
    let timeoutSeconds: Int

    /// In Amazon States Language. An item is a ``ReplayOrder``; the executions answer nothing, as the checkpoints hold it all.
    ///
    /// An execution's history holds 25,000 events, of which a call and its choice take seven: 3,500 calls a segment.
    var definition: String {
        let work: JSON = [
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": ["FunctionName": .string(function), "Payload.$": "$"],
            "ResultSelector": ["finished.$": "$.Payload.finished"],
            "ResultPath": "$.answer",
            "TimeoutSeconds": .int(timeoutSeconds + 60),
            "Retry": [Self.retry(Self.refused, from: 1, attempts: 1_000), Self.retry(Self.transient, from: 1, attempts: 6)],
            "Next": "Check",
        ]
        let states: JSON = [
            "Work": work,
            "Check": [
                "Type": "Choice",
                "Choices": [["Variable": "$.answer.finished", "BooleanEquals": true, "Next": "Done"]],
                "Default": "Work",
            ],
            "Done": ["Type": "Pass", "OutputPath": .null, "End": true],
        ]
        let segments: JSON = [
            "Type": "Map",
            "Label": "segments",
            "ItemsPath": "$.orders",
            "MaxConcurrency": .int(width),
            "ItemProcessor": [
                "ProcessorConfig": ["Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"], "StartAt": "Work", "States": states,
            ],
            "ResultPath": .null,
            "OutputPath": .null,
            "End": true,
        ]
        let machine: JSON = [
            "Comment": "Calls the replay function for each segment until it is finished",
            "StartAt": "Segments",
            "States": ["Segments": segments],
        ]
        return String(decoding: machine.bytes, as: UTF8.self)
    }

    /// The concurrency is used up: waited for, for hours.
    private static let refused = ["Lambda.TooManyRequestsException"]
    /// The service's own failures, a function that died or ran out of time, and requests of the worker that failed after their own retries:
    /// the next call goes on from the checkpoint.
    private static let transient = [
        "Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException", "Lambda.ClientExecutionTimeoutException",
        "Lambda.Unknown", "Runtime.ExitError", "Sandbox.Timedout", "States.Timeout", "AWSError", "ConnectionError",
    ]

    private static func retry(_ errors: [String], from seconds: Int, attempts: Int) -> JSON {
        [
            "ErrorEquals": .strings(errors), "IntervalSeconds": .int(seconds), "BackoffRate": 2, "MaxDelaySeconds": 30,
            "JitterStrategy": "FULL", "MaxAttempts": .int(attempts),
        ]
    }
}

extension ReleaseNames {
    /// The state machine of a replay, and its role.
    var replayMachine: String { part("replay-segments") }
}
