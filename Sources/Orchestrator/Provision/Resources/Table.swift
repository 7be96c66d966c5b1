import AWS

/// A DynamoDB table.
struct Table: Resource {
    var definition: DynamoDB.TableDefinition
    var pointInTimeRecovery = false

    var id: String { "table \(definition.name)" }
    var dependencies: [String] { [] }

    func state(in cloud: Cloud) async throws -> ResourceState {
        guard let table = try await cloud.dynamo.describeTable(definition.name) else { return .absent }
        return table.status == "ACTIVE" ? .ready : .pending
    }

    func create(in cloud: Cloud) async throws {
        do {
            try await cloud.dynamo.createTable(definition)
        } catch let error as AWSError where error.isAlreadyExists {}
        try await waitUntil("\(id) is active", deadline: .seconds(300)) { try await state(in: cloud) == .ready }
        if pointInTimeRecovery { try await cloud.dynamo.updateContinuousBackups(definition.name, pointInTimeRecovery: true) }
    }

    func delete(in cloud: Cloud) async throws {
        guard let table = try await cloud.dynamo.describeTable(definition.name), table.status != "DELETING" else { return }
        if table.deletionProtection { try await cloud.dynamo.updateDeletionProtection(definition.name, false) }
        try await waitUntil("\(id) is active", deadline: .seconds(300)) {
            let status = try await cloud.dynamo.describeTable(definition.name)?.status
            return status == "ACTIVE" || status == nil
        }
        do {
            try await cloud.dynamo.deleteTable(definition.name)
        } catch let error as AWSError where error.isNotFound {}
    }
}
