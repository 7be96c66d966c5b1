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

    /// Turns a mapping on or off, and waits until it is. One that is being made or changed takes no change: it is waited for first.
    static func enable(_ on: Bool, _ function: String, _ stream: String, in cloud: Cloud) async throws {
        let (wanted, other) = on ? ("Enabled", "Disabled") : ("Disabled", "Enabled")
        let what = "the mapping from \(stream) to \(function) to be \(wanted.lowercased())"
        try await Waiter(what, deadline: .seconds(120), clock: cloud.dynamo.clock).wait {
            var mappings = try await all(function, stream, in: cloud)
            let others = mappings.filter { $0.state == other }
            for mapping in others {
                do {
                    try await cloud.lambda.updateEventSourceMapping(mapping.uuid, enabled: on)
                } catch let error as AWSError where error.code == "ResourceInUseException" {
                    // It is being changed, though the list didn't show it yet.
                }
            }
            if !others.isEmpty { mappings = try await all(function, stream, in: cloud) }
            let left = Set(mappings.map(\.state)).subtracting([wanted])
            return left.isEmpty ? .reached : .notYet(left.sorted().joined(separator: ", "))
        }
    }
}
