/// A method and a path. A path is made of fixed segments and parameters: `/orders/{orderId}/shipment`.
public struct Route: Codable, Sendable, Hashable, CustomStringConvertible {
    public enum Method: String, Codable, Sendable, Hashable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    public var method: Method
    public var path: String

    public init(method: Method, path: String) {
        self.method = method
        self.path = path
    }

    public static func get(_ path: String) -> Route { Route(method: .get, path: path) }
    public static func post(_ path: String) -> Route { Route(method: .post, path: path) }
    public static func put(_ path: String) -> Route { Route(method: .put, path: path) }
    public static func patch(_ path: String) -> Route { Route(method: .patch, path: path) }
    public static func delete(_ path: String) -> Route { Route(method: .delete, path: path) }

    /// As API Gateway writes a route key: `POST /orders`.
    public var description: String { "\(method.rawValue) \(path)" }

    /// The names of the path's parameters, in order.
    public var parameters: [String] {
        segments.filter { $0.hasPrefix("{") && $0.hasSuffix("}") }.map { String($0.dropFirst().dropLast()) }
    }

    /// What the path matches whatever its parameters are called: two routes of the same shape can't be told apart.
    public var shape: String {
        let path = segments.map { $0.hasPrefix("{") ? "{}" : String($0) }.joined(separator: "/")
        return "\(method.rawValue) /\(path)"
    }

    private var segments: [Substring] { path.split(separator: "/") }
}

/// A route that an earlier release has and this one drops on purpose, and what answers it from then on.
public struct RetiredRoute: Codable, Sendable, Hashable {
    public var route: Route

    /// Answered with status 410.
    public static func gone(_ route: Route) -> RetiredRoute { RetiredRoute(route: route) }
}
