import AWS

/// A state machine, and the role of the same name that it runs under.
struct StateMachine: Resource {
    var name: String
    var definition: String
    /// The function that it calls.
    var function: String
    var tags: [String: String]

    var kind: String { "state machine" }
    var id: String { "\(kind) \(name)" }
    var dependencies: [String] { [Role.id(name), Function.id(function)] }

    func state(in cloud: Cloud) async throws -> ResourceState {
        guard let status = try await cloud.stepFunctions.stateMachineStatus(cloud.stateMachineARN(name)) else { return .absent }
        return status == "DELETING" ? .pending : .ready
    }

    func create(in cloud: Cloud) async throws {
        do {
            try await cloud.stepFunctions.createStateMachine(name, roleArn: cloud.roleARN(name), definition: definition, tags: tags)
        } catch let error as AWSError where error.isAlreadyExists {}
    }

    /// One that is being removed lives until its executions have ended, so they are ended.
    func delete(in cloud: Cloud) async throws {
        let arn = cloud.stateMachineARN(name)
        for execution in try await cloud.stepFunctions.executions(of: arn, status: "RUNNING") {
            try await cloud.stepFunctions.stopExecution(execution, cause: "the release is being removed")
        }
        try await cloud.stepFunctions.deleteStateMachine(arn)
    }
}
