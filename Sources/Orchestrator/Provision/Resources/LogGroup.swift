import AWS

/// The log group of one function.
struct LogGroup: Resource {
    var function: String
    var retentionDays: Int
    var tags: [String: String]

    static func name(of function: String) -> String { "/aws/lambda/\(function)" }

    private var name: String { Self.name(of: function) }
    var kind: String { "log group" }
    var id: String { Self.id(function) }
    static func id(_ function: String) -> String { "log group \(name(of: function))" }
    var dependencies: [String] { [] }

    func state(in cloud: Cloud) async throws -> ResourceState {
        guard let group = try await cloud.logs.logGroup(name) else { return .absent }
        return group.retentionDays == retentionDays ? .ready : .pending
    }

    func create(in cloud: Cloud) async throws {
        do {
            try await cloud.logs.createLogGroup(name, tags: tags)
        } catch let error as AWSError where error.isAlreadyExists {}
        try await settle(in: cloud)
    }

    func settle(in cloud: Cloud) async throws { try await cloud.logs.putRetention(name, days: retentionDays) }

    func delete(in cloud: Cloud) async throws {
        do {
            try await cloud.logs.deleteLogGroup(name)
        } catch let error as AWSError where error.isNotFound {}
    }
}
