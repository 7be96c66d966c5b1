/// CloudWatch Logs: log groups.
public struct Logs: Sendable {
    private let client: AWSClient

    public init(_ client: AWSClient) {
        self.client = client
    }

    /// Nothing happens where the group exists; its tags then stay as they are.
    public func createLogGroup(_ name: String, tags: [String: String] = [:]) async throws {
        var body: [String: JSON] = ["logGroupName": .string(name)]
        if !tags.isEmpty { body["tags"] = .strings(tags) }
        do {
            _ = try await call("CreateLogGroup", body)
        } catch let error as AWSError where error.isAlreadyExists {}
    }

    public struct LogGroup: Sendable, Hashable {
        /// nil: kept for ever.
        public var retentionDays: Int?
    }

    /// nil where there is no such group.
    public func logGroup(_ name: String) async throws -> LogGroup? {
        let answer = try await call("DescribeLogGroups", ["logGroupNamePrefix": .string(name)])
        return (answer["logGroups"].array ?? []).first { $0["logGroupName"].string == name }.map {
            LogGroup(retentionDays: $0["retentionInDays"].int)
        }
    }

    /// - Parameter days: 1, 3, 5, 7, 14, 30, 60, 90 … (CloudWatch takes certain values only).
    public func putRetention(_ name: String, days: Int) async throws {
        _ = try await call("PutRetentionPolicy", ["logGroupName": .string(name), "retentionInDays": .int(days)])
    }

    /// Nothing happens where there is no such group.
    public func deleteLogGroup(_ name: String) async throws {
        do {
            _ = try await call("DeleteLogGroup", ["logGroupName": .string(name)])
        } catch let error as AWSError where error.isNotFound {}
    }

    private func call(_ operation: String, _ body: [String: JSON]) async throws -> JSON {
        try await client.call(.logs, operation, target: "Logs_20140328", body)
    }
}
