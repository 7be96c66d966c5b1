/// Step Functions: state machines of standard workflows, and their executions.
public struct StepFunctions: Sendable {
    let client: AWSClient

    public init(_ client: AWSClient) {
        self.client = client
    }

    /// A standard workflow. A role that was just made can't be assumed for some seconds; that is waited out, up to a minute.
    ///
    /// The same machine may be created twice: Step Functions compares all but the tags.
    /// - Parameters:
    ///   - name: 1 to 80 characters.
    ///   - definition: JSON in Amazon States Language, at most 1 MB.
    /// - Returns: the state machine's ARN.
    /// - Throws: `AWSError`, with `isAlreadyExists` where there is another machine of that name.
    @discardableResult
    public func createStateMachine(
        _ name: String, roleArn: String, definition: String, tags: [String: String] = [:]
    ) async throws -> String {
        var body: [String: JSON] = [
            "name": .string(name), "roleArn": .string(roleArn), "definition": .string(definition), "type": "STANDARD",
        ]
        if !tags.isEmpty {
            body["tags"] = .array(tags.sorted { $0.key < $1.key }.map { ["key": .string($0.key), "value": .string($0.value)] })
        }
        var arn: String?
        let waiter = Waiter(
            "role \(roleArn) to be usable by Step Functions", deadline: .seconds(60),
            poll: Backoff(first: .seconds(1), longest: .seconds(5)), clock: client.clock)
        try await waiter.wait {
            do {
                arn = try await call("CreateStateMachine", body)["stateMachineArn"].string
                return .reached
            } catch let error as AWSError where error.code == "AccessDeniedException" && error.message.contains("authorized to assume") {
                return .notYet("refused: \(error.message)")
            }
        }
        guard let arn else { throw UnexpectedAnswer(service: "Step Functions", operation: "CreateStateMachine", problem: "no ARN") }
        return arn
    }

    /// - Returns: `ACTIVE` or `DELETING`; nil where there is no such state machine.
    public func stateMachineStatus(_ arn: String) async throws -> String? {
        do {
            return try await call("DescribeStateMachine", ["stateMachineArn": .string(arn)])["status"].string ?? ""
        } catch let error as AWSError where error.isNotFound {
            return nil
        }
    }

    /// The machine is `DELETING` until its last execution has ended. Nothing happens where there is no such state machine.
    public func deleteStateMachine(_ arn: String) async throws {
        do {
            _ = try await call("DeleteStateMachine", ["stateMachineArn": .string(arn)])
        } catch let error as AWSError where error.isNotFound {}
    }

    func call(_ operation: String, _ body: [String: JSON]) async throws -> JSON {
        try await client.call(.stepFunctions, operation, target: "AWSStepFunctions", version: "1.0", body)
    }
}
