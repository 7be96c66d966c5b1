import AWS
import Foundation

/// One Lambda of a release.
struct Function: Resource {
    var definition: Lambda.FunctionDefinition
    var concurrency: Int?

    var id: String { Self.id(definition.name) }
    static func id(_ name: String) -> String { "function \(name)" }
    var dependencies: [String] { [Role.id(definition.name), LogGroup.id(definition.name)] }

    func state(in cloud: Cloud) async throws -> ResourceState {
        guard let function = try await cloud.lambda.getFunction(definition.name) else { return .absent }
        guard function.state == "Active", function.lastUpdateStatus != "InProgress" else {
            if function.state == "Failed" { throw ResourceFailed(id: id, reason: "Lambda could not start it") }
            return .pending
        }
        return .ready
    }

    func create(in cloud: Cloud) async throws {
        // A new role takes some seconds until Lambda may assume it; the service then answers InvalidParameterValueException.
        let patience = ContinuousClock.now + .seconds(60)
        while true {
            do {
                try await cloud.lambda.createFunction(definition)
                break
            } catch let error as AWSError where error.isAlreadyExists {
                break
            } catch let error as AWSError
                where error.code.hasPrefix("InvalidParameterValue") && error.message.contains("assume") && ContinuousClock.now < patience
            {
                try await Task.sleep(for: .seconds(2))
            }
        }
        if let concurrency { try await cloud.lambda.putConcurrency(definition.name, reserved: concurrency) }
    }

    func delete(in cloud: Cloud) async throws {
        do {
            try await cloud.lambda.deleteFunction(definition.name)
        } catch let error as AWSError where error.isNotFound {}
    }
}
