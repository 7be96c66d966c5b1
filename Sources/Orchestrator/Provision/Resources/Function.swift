import AWS
import Foundation

/// One Lambda of a release.
struct Function: Resource {
    var definition: Lambda.FunctionDefinition
    var concurrency: Int?
    /// Ids of what else has to be there as long as it is.
    var needs: [String] = []

    var id: String { Self.id(definition.name) }
    static func id(_ name: String) -> String { "function \(name)" }
    var dependencies: [String] { [Role.id(definition.name), LogGroup.id(definition.name)] + needs }

    func state(in cloud: Cloud) async throws -> ResourceState {
        guard let function = try await cloud.lambda.getFunction(definition.name) else { return .absent }
        guard function.state == "Active", function.lastUpdateStatus != "InProgress" else {
            if function.state == "Failed" { throw ResourceFailed(id: id, reason: "Lambda could not start it") }
            return .pending
        }
        return function.reservedConcurrency == concurrency ? .ready : .pending
    }

    func create(in cloud: Cloud) async throws {
        do {
            _ = try await cloud.uploads.pass { try await cloud.lambda.createFunction(definition) }
        } catch let error as AWSError where error.isAlreadyExists {}
        try await settle(in: cloud)
    }

    func settle(in cloud: Cloud) async throws {
        if let concurrency { try await cloud.lambda.putConcurrency(definition.name, reserved: concurrency) }
    }

    func delete(in cloud: Cloud) async throws {
        do {
            try await cloud.lambda.deleteFunction(definition.name)
        } catch let error as AWSError where error.isNotFound {}
    }
}
