import EventSourcing
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An API Gateway request, payload format 2.0, with what a forwarding release added.
struct HTTPEvent: Codable, Sendable {
    struct Context: Codable, Sendable {
        struct HTTP: Codable, Sendable {
            var method: String
            var path: String
        }
        var http: HTTP
        var stage: String?
        var requestId: String?
    }

    /// Set on a request that another release forwarded; such a request is never forwarded again.
    struct Forwarding: Codable, Sendable {
        var from: String
        var command: String
    }

    var version: String?
    var routeKey: String?
    var rawPath: String
    var rawQueryString: String?
    var headers: [String: String]?
    var requestContext: Context
    var body: String?
    var isBase64Encoded: Bool?
    var immutable: Forwarding?

    var method: String { requestContext.http.method }

    func header(_ name: String) -> String? {
        headers?.first { $0.key.lowercased() == name.lowercased() }?.value
    }

    /// The body's bytes; `nil` where they are not valid base 64.
    var bodyBytes: Data? {
        guard let body else { return Data() }
        return isBase64Encoded == true ? Data(base64Encoded: body) : Data(body.utf8)
    }

    /// The path without the stage's name, which API Gateway prefixes outside of the default stage.
    var paths: [String] {
        guard let stage = requestContext.stage, stage != "$default", rawPath.hasPrefix("/\(stage)/") else { return [rawPath] }
        return [rawPath, String(rawPath.dropFirst(stage.count + 1))]
    }
}

/// The answer to an API Gateway request.
struct HTTPAnswer: Codable, Sendable {
    var statusCode: Int
    var headers: [String: String]
    var body: String
    var isBase64Encoded = false

    private static let moved = "x-immutable-moved-to"

    /// What a forwarded request's first handler gets where the writes have left this release too. A handler of an earlier version passes it on:
    /// the client tries again.
    init(movedTo owner: String, release: String) throws {
        try self.init(
            .error(503, "the writes have just moved to \(owner): send the request again with the same Idempotency-Key"), release: release)
        headers[Self.moved] = owner
    }

    /// The owner of the writes, in the answer of a release that they have left.
    var movedTo: String? { headers[Self.moved] }

    /// A JSON answer that names the release that API Gateway invoked.
    init(_ answer: Answer, release: String) throws {
        statusCode = answer.status
        headers = ["content-type": "application/json", "x-immutable-release": release]
        body = try StableJSON.encode(answer.body)
    }

    func encoded() throws -> [UInt8] { Array(try JSONEncoder().encode(self)) }
}
