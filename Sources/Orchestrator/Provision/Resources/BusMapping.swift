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
        let arn = cloud.streamARN(stream)
        do {
            return try await cloud.lambda.listEventSourceMappings(function: function).first { $0.sourceArn == arn }
        } catch let error as AWSError where error.isNotFound {
            return nil
        }
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
        guard let mapping = try await Self.find(function, stream, in: cloud), mapping.state != "Deleting" else { return }
        do {
            try await cloud.lambda.deleteEventSourceMapping(mapping.uuid)
        } catch let error as AWSError where error.isNotFound {}
    }

    /// Turns a mapping on or off, and waits until it is.
    static func enable(_ on: Bool, _ function: String, _ stream: String, in cloud: Cloud) async throws {
        guard let mapping = try await find(function, stream, in: cloud) else { return }
        let wanted = on ? "Enabled" : "Disabled"
        if mapping.state == wanted { return }
        try await cloud.lambda.updateEventSourceMapping(mapping.uuid, enabled: on)
        try await waitUntil("the mapping from \(stream) to \(function) is \(wanted.lowercased())", deadline: .seconds(120)) {
            try await find(function, stream, in: cloud)?.state == wanted
        }
    }
}
