/// Something that a release needs in the cloud. Each call can be made again.
public protocol Resource: Sendable {
    /// `<kind> <name>`, unique in a release.
    var id: String { get }
    /// What the id begins with: its first word, but for e.g. `log group`.
    var kind: String { get }
    /// The ids of the resources that must be ready first.
    var dependencies: [String] { get }
    func state(in cloud: Cloud) async throws -> ResourceState
    /// Creates it; one that exists stays as it is.
    func create(in cloud: Cloud) async throws
    /// Finishes what an earlier try left half made. Called where the state is `pending`, again only where the cloud said 'not yet'.
    func settle(in cloud: Cloud) async throws
    /// Removes it; one that is absent stays absent.
    func delete(in cloud: Cloud) async throws
}

extension Resource {
    public var kind: String { String(id.prefix { $0 != " " }) }
    public func settle(in cloud: Cloud) async throws {}
}

/// How far a resource is.
public enum ResourceState: Sendable, Hashable {
    case absent
    /// Being created, changed or removed.
    case pending
    case ready
}

/// A resource that the cloud couldn't make ready.
public struct ResourceFailed: Error, Sendable, CustomStringConvertible {
    public var id: String
    public var reason: String

    public var description: String {
        "\(id): \(reason)\nhint: run the same command again to go on from here, or `immutable abort` to remove the release"
    }
}
