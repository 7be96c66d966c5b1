import AWS

/// The event source mapping from a bus to one function.
struct BusMapping: Resource {
    var function: String
    var stream: String
    var enabled: Bool
    var tags: [String: String]
    /// Whether the stream belongs to the same release; the counterpart's exists already.
    var ownsStream: Bool

    /// The most records that a function gets at a time.
    private static let batchSize = 100

    var id: String { "mapping \(stream) to \(function)" }
    var dependencies: [String] { [Function.id(function)] + (ownsStream ? [Bus.id(stream)] : []) }

    static func find(_ function: String, _ stream: String, in cloud: Cloud) async throws -> Lambda.EventSourceMapping? {
        try await all(function, stream, in: cloud).first
    }

    /// One, but where a lost answer left two: Lambda refuses a second one, the local cloud doesn't.
    private static func all(_ function: String, _ stream: String, in cloud: Cloud) async throws -> [Lambda.EventSourceMapping] {
        let arn = cloud.streamARN(stream)
        return try await cloud.lambda.listEventSourceMappings(function: function).filter { $0.sourceArn == arn }
    }

    func state(in cloud: Cloud) async throws -> ResourceState {
        guard let mapping = try await Self.find(function, stream, in: cloud) else { return .absent }
        return ["Enabled", "Disabled"].contains(mapping.state) ? .ready : .pending
    }

    func create(in cloud: Cloud) async throws {
        do {
            _ = try await cloud.lambda.createEventSourceMapping(
                function: function, sourceArn: cloud.streamARN(stream), batchSize: Self.batchSize, startingPosition: .oldest,
                tags: tags, enabled: enabled)
        } catch let error as AWSError where error.isAlreadyExists {}
    }

    func delete(in cloud: Cloud) async throws {
        for mapping in try await Self.all(function, stream, in: cloud) where mapping.state != "Deleting" {
            try await cloud.lambda.deleteEventSourceMapping(mapping.uuid)
        }
    }

    /// Turns a mapping on or off, and waits until it is.
    static func enable(_ on: Bool, _ function: String, _ stream: String, in cloud: Cloud) async throws {
        let wanted = on ? "Enabled" : "Disabled"
        let others = try await all(function, stream, in: cloud).filter { $0.state != wanted }
        if others.isEmpty { return }
        for mapping in others { try await cloud.lambda.updateEventSourceMapping(mapping.uuid, enabled: on) }
        try await waitUntil("the mapping from \(stream) to \(function) is \(wanted.lowercased())", deadline: .seconds(120)) {
            try await all(function, stream, in: cloud).allSatisfy { $0.state == wanted }
        }
    }
}
