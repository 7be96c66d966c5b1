import AWS

/// What the time of a replay's worker went into, in seconds, and how its store answered.
public struct ReplayEffort: Sendable, Hashable, Codable {
    /// Waiting for scans and queries.
    public var reading = 0.0
    /// Waiting for writes, and for what was refused as too much.
    public var writing = 0.0
    /// Waiting for the allowance of write units.
    public var held = 0.0
    /// Waiting for projectors.
    public var projecting = 0.0
    /// What is left of the worker's time: decoding, transforming, encoding.
    public var transforming = 0.0
    /// Requests that the store refused in whole or in part as too much.
    public var refusals = 0
    /// Write units that an allowance was charged with; 0 without one.
    public var units = 0

    public init() {}

    public static func + (one: ReplayEffort, other: ReplayEffort) -> ReplayEffort { one.combined(with: other, +, +) }
    public static func - (one: ReplayEffort, other: ReplayEffort) -> ReplayEffort { one.combined(with: other, -, -) }

    private func combined(with other: ReplayEffort, _ seconds: (Double, Double) -> Double, _ counts: (Int, Int) -> Int) -> ReplayEffort {
        var result = self
        for path in Self.times.map(\.path) { result[keyPath: path] = seconds(self[keyPath: path], other[keyPath: path]) }
        for path in Self.counts.map(\.path) { result[keyPath: path] = counts(self[keyPath: path], other[keyPath: path]) }
        return result
    }

    private static let times: [(name: String, path: any WritableKeyPath<ReplayEffort, Double> & Sendable)] = [
        ("reading", \.reading), ("writing", \.writing), ("held", \.held), ("projecting", \.projecting), ("transforming", \.transforming),
    ]
    private static let counts: [(name: String, path: any WritableKeyPath<ReplayEffort, Int> & Sendable)] = [
        ("refusals", \.refusals), ("units", \.units),
    ]
}

extension ReplayEffort {
    init(item: Item) {
        for (name, path) in Self.times { self[keyPath: path] = item[name]?.number.flatMap(Double.init) ?? 0 }
        for (name, path) in Self.counts { self[keyPath: path] = item[name]?.int ?? 0 }
    }

    /// To the millisecond: what is stored is read as it was.
    var rounded: ReplayEffort {
        var result = self
        for (_, path) in Self.times { result[keyPath: path] = (self[keyPath: path] * 1_000).rounded() / 1_000 }
        return result
    }

    /// The attributes that ``init(item:)`` reads.
    var item: Item {
        var item: Item = [:]
        for (name, path) in Self.times { item[name] = .n(String(self[keyPath: path])) }
        for (name, path) in Self.counts { item[name] = .int(self[keyPath: path]) }
        return item
    }
}
