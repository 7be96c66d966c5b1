import AWS

/// A DynamoDB table.
struct Table: Resource {
    var definition: DynamoDB.TableDefinition
    var pointInTimeRecovery = false

    var id: String { "table \(definition.name)" }
    var dependencies: [String] { [] }

    func state(in cloud: Cloud) async throws -> ResourceState {
        guard let table = try await cloud.dynamo.describeTable(definition.name) else { return .absent }
        guard table.status == "ACTIVE" else { return .pending }
        if pointInTimeRecovery, try await !cloud.dynamo.hasPointInTimeRecovery(definition.name) { return .pending }
        return .ready
    }

    func create(in cloud: Cloud) async throws {
        do {
            try await cloud.dynamo.createTable(definition)
        } catch let error as AWSError where error.isAlreadyExists {}
        try await settle(in: cloud)
    }

    func settle(in cloud: Cloud) async throws {
        try await waitUntil("\(id) is active", deadline: .seconds(300)) {
            try await cloud.dynamo.describeTable(definition.name)?.status == "ACTIVE"
        }
        if pointInTimeRecovery { try await cloud.dynamo.updateContinuousBackups(definition.name, pointInTimeRecovery: true) }
    }

    func delete(in cloud: Cloud) async throws {
        guard let table = try await atRest(in: cloud), table.status != "DELETING" else { return }
        if table.deletionProtection {
            try await cloud.dynamo.updateDeletionProtection(definition.name, false)
            _ = try await atRest(in: cloud)
        }
        do {
            try await cloud.dynamo.deleteTable(definition.name)
        } catch let error as AWSError where error.isNotFound {}
    }

    /// The table, once it is neither being made nor changed: until then DynamoDB takes no other change. `nil` where there is none.
    private func atRest(in cloud: Cloud) async throws -> DynamoDB.TableDescription? {
        var table: DynamoDB.TableDescription?
        try await Waiter("\(id) to be made or changed", deadline: .seconds(300), clock: cloud.dynamo.clock).wait {
            table = try await cloud.dynamo.describeTable(definition.name)
            guard let status = table?.status, ["CREATING", "UPDATING"].contains(status) else { return .reached }
            return .notYet(status)
        }
        return table
    }
}
