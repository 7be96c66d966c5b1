extension DynamoDB {
    /// Until the table and its indexes can be used.
    @discardableResult
    public func waitUntilActive(_ name: String, deadline: Duration = .seconds(600)) async throws -> TableDescription? {
        var table: TableDescription?
        try await Waiter("table \(name) to become ACTIVE", deadline: deadline, clock: client.clock).wait {
            table = try await describeTable(name)
            return table?.isActive == true ? .reached : .notYet(table?.status ?? "absent")
        }
        return table
    }

    public func waitUntilGone(_ name: String, deadline: Duration = .seconds(600)) async throws {
        try await Waiter("table \(name) to be gone", deadline: deadline, clock: client.clock).wait {
            try await describeTable(name).map { .notYet($0.status) } ?? .reached
        }
    }

    /// Until changes are streamed.
    public func waitUntilDestinationActive(
        _ table: String, streamArn: String, deadline: Duration = .seconds(600)
    ) async throws {
        let what = "the Kinesis destination of table \(table) to become ACTIVE"
        try await Waiter(what, deadline: deadline, clock: client.clock).wait {
            let status = try await kinesisDestinationStatus(table).last { $0.streamArn == streamArn }?.status
            switch status {
            case "ACTIVE": return .reached
            case "ENABLE_FAILED": return .impossible("DynamoDB could not enable it")
            default: return .notYet(status ?? "absent")
            }
        }
    }
}
