extension StepFunctions {
    public struct Execution: Sendable, Hashable {
        /// `RUNNING`, `PENDING_REDRIVE`, or how it ended: `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED`.
        public var status: String
        /// The failure's name, where it has one.
        public var error: String?
        /// JSON, as it was started with.
        public var input: String?
        /// What the failed step said, where it did. Of a Lambda it is the function's error document, JSON.
        public var cause: String?

        public var isRunning: Bool { status == "RUNNING" || status == "PENDING_REDRIVE" }
    }

    /// Starting an execution of the same name and input again while it runs changes nothing. A name can't be used again for 90 days.
    /// - Parameters:
    ///   - name: 1 to 80 characters.
    ///   - input: JSON, at most 256 KiB.
    /// - Throws: `AWSError`, with `isAlreadyExists` where one of that name has ended, or has another input.
    public func startExecution(of stateMachine: String, name: String, input: String) async throws {
        _ = try await call(
            "StartExecution", ["stateMachineArn": .string(stateMachine), "name": .string(name), "input": .string(input)])
    }

    /// Follows changes with some delay.
    /// - Returns: nil where there is no such execution.
    public func describeExecution(_ arn: String) async throws -> Execution? {
        do {
            let answer = try await call("DescribeExecution", ["executionArn": .string(arn)])
            return Execution(
                status: answer["status"].string ?? "", error: answer["error"].string, input: answer["input"].string,
                cause: answer["cause"].string)
        } catch let error as AWSError where error.isNotFound {
            return nil
        }
    }

    /// Ends it with the status `ABORTED`, the executions of its distributed maps too. A Lambda that it called runs to its own end.
    /// Nothing happens where there is none, or it has ended.
    public func stopExecution(_ arn: String, cause: String) async throws {
        do {
            _ = try await call("StopExecution", ["executionArn": .string(arn), "cause": .string(cause)])
        } catch let error as AWSError where error.isNotFound || error.code == "ValidationException" {}
    }

    /// The ARNs of a state machine's executions, all pages, the latest first. Follows changes with some delay.
    /// - Parameter status: only of this, where given.
    public func executions(of stateMachine: String, status: String? = nil) async throws -> [String] {
        try await executions(["stateMachineArn": .string(stateMachine)], status)
    }

    /// The ARNs of the executions that a map run started for its items.
    public func executions(ofMapRun mapRun: String, status: String? = nil) async throws -> [String] {
        try await executions(["mapRunArn": .string(mapRun)], status)
    }

    private func executions(_ filter: [String: JSON], _ status: String?) async throws -> [String] {
        var body = filter
        if let status { body["statusFilter"] = .string(status) }
        return try await pages("ListExecutions", body, member: "executions") { $0["executionArn"].string }
    }

    /// The ARNs of the map runs that an execution started.
    public func mapRuns(of execution: String) async throws -> [String] {
        try await pages("ListMapRuns", ["executionArn": .string(execution)], member: "mapRuns") { $0["mapRunArn"].string }
    }

    /// None where what is asked about doesn't exist.
    private func pages(
        _ operation: String, _ body: [String: JSON], member: String, _ arn: (JSON) -> String?
    ) async throws -> [String] {
        var body = body
        var found: [String] = []
        do {
            repeat {
                let page = try await call(operation, body)
                found += (page[member].array ?? []).compactMap(arn)
                body["nextToken"] = page["nextToken"].string.map(JSON.string)
            } while body["nextToken"] != nil
        } catch let error as AWSError where error.isNotFound {
            return []
        }
        return found
    }
}
