import EventSourcing

/// The names of what survives a stack's releases.
public struct StackNames: Sendable, Hashable {
    public let stack: String

    public init(stack: String) { self.stack = stack }

    /// The table of deployments, locks and audit: one per account and region.
    public static let control = "immutable-stack"

    public var ledger: String { "\(stack)-ledger" }
    public var effects: String { "\(stack)-effects" }

    public func release(_ release: String) -> ReleaseNames { ReleaseNames(stack: stack, release: release) }
}

/// The names of one release's resources: `<stack>-<release>-<part>`.
public struct ReleaseNames: Sendable, Hashable {
    public let stack: String
    public let release: String

    public init(stack: String, release: String) {
        self.stack = stack
        self.release = release
    }

    public var events: String { part("events") }
    public var cursors: String { part("cursors") }
    /// Where the events of merged streams wait for their versions.
    public var staging: String { part("staging") }
    public var bus: String { part("bus") }
    public var api: String { part("api") }
    public func readModel(_ name: String) -> String { part(name) }
    public func function(_ name: String) -> String { part(name) }
    public func part(_ name: String) -> String { "\(stack)-\(release)-\(name)" }

    /// Whether a resource's name is that of a part of some release of the stack: `orders-returns-r1-events` is none of `orders`.
    public static func isPart(_ name: String, of stack: String) -> Bool {
        guard name.hasPrefix("\(stack)-r") else { return false }
        let rest = name.dropFirst(stack.count + 2)
        let number = rest.prefix { $0.isASCII && $0.isNumber }
        return !number.isEmpty && rest.dropFirst(number.count).first == "-"
    }
}

/// The keys of a release's cursors table.
public enum CursorKey {
    /// What the keys of a projector's cursors begin with, before `/<aggregateId>`. `generation`: its name.
    public static func projector(_ generation: String) -> String { "projector/\(generation)" }
    public static func reactor(_ name: String, _ aggregateId: String) -> String { "reactor/\(name)/\(aggregateId)" }
    public static func replica(of source: String, _ aggregateId: String) -> String { "replica/\(source)/\(aggregateId)" }
    public static func progress(of source: String, shard: Int) -> String { "progress/\(source)/\(ShardMap.key(shard))" }
    public static func replay(of source: String, segment: Int, of total: Int) -> String { "replay/\(source)/\(total)/\(segment)" }
    public static func merge(of source: String, segment: Int, of total: Int) -> String { "merge/\(source)/\(total)/\(segment)" }
    public static func proof(of source: String, segment: Int, of total: Int) -> String { "proof/\(source)/\(total)/\(segment)" }
    public static func target(of source: String, _ stream: String) -> String { "target/\(source)/\(stream)" }
    /// While a candidate's projections have to be made anew.
    public static let reset = "reset"
    /// `key` is `aggregateId@version` of an item of the source.
    public static func quarantine(of source: String, _ key: String) -> String { "quarantine/\(source)/\(key)" }
    /// `consumer` is `projector/<read model>`, `reactor/<name>` or `replica/<release>`.
    public static func parked(_ consumer: String, _ aggregateId: String) -> String { "parked/\(consumer)/\(aggregateId)" }
}
