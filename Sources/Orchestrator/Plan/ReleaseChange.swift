import StackDescription

/// What changes from the live release to the next one, and what can't.
public struct ReleaseChange: Sendable {
    public let live: Stack
    public let next: Stack

    public init(live: Stack, next: Stack) {
        self.live = live
        self.next = next
    }

    /// Why the change is refused; empty where it isn't.
    public var problems: [String] {
        var problems: [String] = []
        if live.eventStore.ledgerShards != next.eventStore.ledgerShards {
            problems.append(
                "ledgerShards changes from \(live.eventStore.ledgerShards) to \(next.eventStore.ledgerShards): it is fixed for a stack's life, because the ledger survives its releases"
            )
        }
        if live.api.domain != next.api.domain {
            problems.append(
                "the domain changes from \(live.api.domain) to \(next.api.domain): the flip moves one domain's mapping. Keep it, and add the new domain as a second one in DNS"
            )
        }
        let served = Set(Self.routes(next).map(\.shape)).union(next.retiredRoutes.map(\.route.shape))
        for route in Self.routes(live) where !served.contains(route.shape) {
            problems.append(
                "the live route '\(route)' is dropped: clients would get 404. Serve it, or say `retiredRoutes: [.gone(.\(route.method.rawValue.lowercased())(\"\(route.path)\"))]`"
            )
        }
        return problems
    }

    /// Lines with `+`, `~` or `-` in front, for people.
    public var lines: [String] {
        var lines: [String] = []
        func compare(_ what: String, _ before: [String: String], _ after: [String: String]) {
            for key in Set(before.keys).union(after.keys).sorted() {
                switch (before[key], after[key]) {
                case (nil, let new?): lines.append("+ \(what) \(key)\(new.isEmpty ? "" : "  \(new)")")
                case (_?, nil): lines.append("- \(what) \(key)")
                case (let old?, let new?) where old != new: lines.append("~ \(what) \(key)  \(old) → \(new)")
                default: break
                }
            }
        }
        func keyed<T>(_ values: [T], _ key: (T) -> String, _ value: (T) -> String) -> [String: String] {
            Dictionary(values.map { (key($0), value($0)) }, uniquingKeysWith: { first, _ in first })
        }
        compare("command", keyed(live.commands, \.handler, \.route.description), keyed(next.commands, \.handler, \.route.description))
        let model: (ReadModel) -> String = { ($0.isIndex ? "a search index, " : "") + "projected by \($0.projection)" }
        compare("read model", keyed(live.readModels, \.name, model), keyed(next.readModels, \.name, model))
        compare(
            "query", keyed(live.readModels.flatMap(\.serves), \.route.description, { _ in "" }),
            keyed(next.readModels.flatMap(\.serves), \.route.description, { _ in "" }))
        compare("reactor", keyed(live.reactors, \.handler, \.inDoubt.rawValue), keyed(next.reactors, \.handler, \.inDoubt.rawValue))
        return lines
    }

    static func routes(_ stack: Stack) -> [Route] { stack.commands.map(\.route) + stack.readModels.flatMap { $0.serves.map(\.route) } }
}

/// A release that can't follow the live one.
public struct ChangeRefused: Error, Sendable, CustomStringConvertible {
    public var problems: [String]

    public var description: String { "this release can't follow the live one:\n" + problems.map { "  \($0)" }.joined(separator: "\n") }
}
