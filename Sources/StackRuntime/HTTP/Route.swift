#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A method and a path template, e.g. `POST /orders/{orderId}/payment`.
struct Route: Sendable, Hashable {
    let method: String
    private let segments: [String]

    init(_ text: String) throws {
        let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2, parts[1].hasPrefix("/") else {
            throw StartFailure(reason: "'\(text)' is no route like 'GET /orders/{orderId}'")
        }
        method = parts[0]
        segments = parts[1].split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    }

    /// The parameters, percent-decoded, where the request is this route's.
    func match(_ event: HTTPEvent) -> [String: String]? {
        guard event.method == method else { return nil }
        return event.paths.lazy.compactMap(match(path:)).first
    }

    private func match(path: String) -> [String: String]? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        guard parts.count == segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (segment, part) in zip(segments, parts) {
            if Self.isParameter(segment) {
                parameters[String(segment.dropFirst().dropLast())] = PercentEncoding.decode(part) ?? part
            } else if segment != part {
                return nil
            }
        }
        return parameters
    }

    /// The parameters' names, in the path's order.
    var parameters: [String] { segments.filter(Self.isParameter).map { String($0.dropFirst().dropLast()) } }

    /// Whether API Gateway prefers this one where both match: the first segment that one of them alone spells out decides.
    func precedes(_ other: Route) -> Bool {
        for (mine, theirs) in zip(segments, other.segments) where Self.isParameter(mine) != Self.isParameter(theirs) {
            return Self.isParameter(theirs)
        }
        return false
    }

    private static func isParameter(_ segment: String) -> Bool { segment.hasPrefix("{") && segment.hasSuffix("}") }

    /// The route with its parameters' names left out: what two releases' routes are compared by.
    var shape: String { method + " /" + segments.map { Self.isParameter($0) ? "{}" : $0 }.joined(separator: "/") }
}
