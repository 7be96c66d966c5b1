import AWS

/// The Kinesis stream that carries a release's hints.
struct Bus: Resource {
    var name: String
    var shards: Int
    var retentionHours: Int
    var tags: [String: String]

    var id: String { Self.id(name) }
    static func id(_ name: String) -> String { "stream \(name)" }
    var dependencies: [String] { [] }

    func state(in cloud: Cloud) async throws -> ResourceState {
        guard let stream = try await cloud.kinesis.describeStream(name) else { return .absent }
        return stream.status == "ACTIVE" && stream.retentionHours >= retentionHours ? .ready : .pending
    }

    func create(in cloud: Cloud) async throws {
        do {
            try await cloud.kinesis.createStream(name, shards: shards, tags: tags)
        } catch let error as AWSError where error.isAlreadyExists {}
        try await settle(in: cloud)
    }

    func settle(in cloud: Cloud) async throws {
        try await waitUntil("\(id) is active", deadline: .seconds(300)) { try await cloud.kinesis.describeStream(name)?.status == "ACTIVE" }
        if retentionHours > 24 { try await cloud.kinesis.increaseRetention(name, hours: retentionHours) }
    }

    func delete(in cloud: Cloud) async throws {
        do {
            try await cloud.kinesis.deleteStream(name)
        } catch let error as AWSError where error.isNotFound {}
    }
}
