import AWS
import EventSourcing
import EventStore

/// Compares two documents field by field. Attributes that begin with `_` are ours and don't count.
enum DocumentDiff {
    /// The fields that differ; empty where the documents are equal. `nil` on a side: no such document there.
    static func differences(_ id: String, live: Item?, candidate: Item?, ignoring: Set<String>) -> [ParityReport.Difference] {
        guard let live, let candidate else {
            if live == nil && candidate == nil { return [] }
            return [
                .init(
                    document: id, field: "(document)", live: live == nil ? nil : "present", candidate: candidate == nil ? nil : "present")
            ]
        }
        var found: [ParityReport.Difference] = []
        compare(
            .object(fields(live, ignoring)), .object(fields(candidate, ignoring)), at: "", ignoring: ignoring
        ) { path, left, right in
            found.append(.init(document: id, field: path, live: left.map(text), candidate: right.map(text)))
        }
        return found.sorted { $0.field < $1.field }
    }

    private static func fields(_ item: Item, _ ignoring: Set<String>) -> [String: Value] {
        item.filter { !$0.key.hasPrefix("_") && !ignoring.contains($0.key) }.mapValues(Value.init(attribute:))
    }

    private static func compare(
        _ left: Value, _ right: Value, at path: String, ignoring: Set<String>, _ report: (String, Value?, Value?) -> Void
    ) {
        switch (left, right) {
        case (.object(let a), .object(let b)):
            for key in Set(a.keys).union(b.keys) {
                let inner = path.isEmpty ? key : "\(path).\(key)"
                if ignoring.contains(inner) { continue }
                guard let x = a[key], let y = b[key] else {
                    report(inner, a[key], b[key])
                    continue
                }
                compare(x, y, at: inner, ignoring: ignoring, report)
            }
        case (.list(let a), .list(let b)) where a.count == b.count:
            for (index, (x, y)) in zip(a, b).enumerated() { compare(x, y, at: "\(path)[\(index)]", ignoring: ignoring, report) }
        default:
            if left != right { report(path, left, right) }
        }
    }

    private static func text(_ value: Value) -> String {
        if case .string(let text) = value { return text }
        return (try? StableJSON.encode(value)) ?? "?"
    }
}
