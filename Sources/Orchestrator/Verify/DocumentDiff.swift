import EventSourcing
import Foundation
import StackDescription

/// Compares two documents field by field, with the leniency that the manifest asks for. Pure.
struct DocumentDiff: Sendable {
    typealias Fields = [String: Value]

    private let ignoring: Set<String>
    private let within: [String: Decimal]
    private let unordered: Set<String>

    init(_ leniency: ParityExpectation.Leniency = .init()) {
        ignoring = Set(leniency.ignoring)
        // By its text: 0.01 means that, and not the binary number next to it.
        within = leniency.within.compactMapValues { Decimal(string: "\($0)") }
        unordered = Set(leniency.unordered)
    }

    /// The fields that differ, by path; empty where the documents count as equal. `nil` on a side: no such document there.
    func differences(_ id: String, live: Fields?, candidate: Fields?) -> [ParityReport.Difference] {
        guard let live, let candidate else {
            if live == nil && candidate == nil { return [] }
            return [
                .init(
                    document: id, field: "(document)", live: live == nil ? nil : "present", candidate: candidate == nil ? nil : "present")
            ]
        }
        var found: [ParityReport.Difference] = []
        compare(.object(live), .object(candidate), Path()) { path, left, right in
            let (live, candidate) = Excerpt.pair(Self.texts(left, right))
            found.append(.init(document: id, field: path.shown, live: live, candidate: candidate))
        }
        return found.sorted { $0.field < $1.field }
    }

    /// Where in a document: as a person reads it (`lines[0].sku`), and as the manifest names it (`lines[].sku`).
    private struct Path {
        var shown = ""
        var named = ""

        func field(_ name: String) -> Path {
            Path(shown: shown.isEmpty ? name : "\(shown).\(name)", named: named.isEmpty ? name : "\(named).\(name)")
        }

        func element(_ index: Int) -> Path { Path(shown: "\(shown)[\(index)]", named: "\(named)[]") }
    }

    private typealias Report = (Path, Value?, Value?) -> Void

    private func compare(_ left: Value, _ right: Value, _ path: Path, _ report: Report) {
        switch (left, right) {
        case (.object(let a), .object(let b)):
            for key in Set(a.keys).union(b.keys) {
                let inner = path.field(key)
                if ignoring.contains(inner.named) { continue }
                guard let x = a[key], let y = b[key] else {
                    report(inner, a[key], b[key])
                    continue
                }
                compare(x, y, inner, report)
            }
        case (.list(let a), .list(let b)) where unordered.contains(path.named):
            compareInAnyOrder(a, b, path, report)
        case (.list(let a), .list(let b)) where a.count == b.count:
            for (index, (x, y)) in zip(a, b).enumerated() { compare(x, y, path.element(index), report) }
        default:
            if left != right, !isWithin(left, right, path) { report(path, left, right) }
        }
    }

    /// Each element takes an equal one of the other side, as many as can; what is left over on either side differs.
    private func compareInAnyOrder(_ left: [Value], _ right: [Value], _ path: Path, _ report: Report) {
        // With a tolerance an element may have several that count as equal, and the first of them may be the only one for another.
        let mayYield = within.keys.contains { $0.hasPrefix(path.element(0).named) }
        var pairs = Pairing(left: left.count, right: right.count) { areEqual(left[$0], right[$1], path.element($0)) }
        pairs.pair(yielding: mayYield)
        for index in pairs.leftOver.left { report(path.element(index), left[index], nil) }
        for index in pairs.leftOver.right { report(path.element(index), nil, right[index]) }
    }

    private func areEqual(_ left: Value, _ right: Value, _ path: Path) -> Bool {
        var equal = true
        compare(left, right, path) { _, _, _ in equal = false }
        return equal
    }

    private func isWithin(_ left: Value, _ right: Value, _ path: Path) -> Bool {
        guard let tolerance = within[path.named], let a = Self.number(left), let b = Self.number(right) else { return false }
        return abs(a - b) <= tolerance
    }

    private static func number(_ value: Value) -> Decimal? {
        switch value {
        case .number(let number): number
        case .string(let text) where !text.isEmpty && text.utf8.allSatisfy({ "0123456789.-".utf8.contains($0) }):
            Decimal(string: text, locale: Locale(identifier: "en_US_POSIX"))
        default: nil
        }
    }

    /// Texts as they are, other values as JSON; where that would read the same on both sides, both as JSON, in ASCII if need be.
    private static func texts(_ left: Value?, _ right: Value?) -> (String?, String?) {
        let plain = (left.map(text), right.map(text))
        guard plain.0 == plain.1 else { return plain }
        let exact = (left.map(json), right.map(json))
        guard exact.0 == exact.1 else { return exact }
        return (exact.0.map(escaped), exact.1.map(escaped))
    }

    /// `é` in its two forms looks the same: `\u{00E9}` and `e\u{0301}` don't.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { $0.isASCII ? String($0) : $0.escaped(asASCII: true) }.joined()
    }

    private static func text(_ value: Value) -> String {
        if case .string(let text) = value { text } else { json(value) }
    }

    private static func json(_ value: Value) -> String { (try? StableJSON.encode(value)) ?? "?" }
}
