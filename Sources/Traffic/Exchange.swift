/// What a request is about; the journal's `kind`.
enum RequestKind: String, Sendable, Encodable {
    case place, pay, ship, cancel, get, list
    /// A request that must be refused with 400.
    case malformed
    /// A request to a route that nobody serves.
    case unknown

    /// Whether it asks for a change.
    var isWrite: Bool {
        switch self {
        case .place, .pay, .ship, .cancel: true
        case .get, .list, .malformed, .unknown: false
        }
    }
}

/// A request that a client is about to send.
struct Request: Sendable, Hashable {
    var kind: RequestKind
    var method: String
    var path: String
    var orderId: String?
    var idempotencyKey: String?
    var body: String?
}

/// What came back.
struct Reply: Sendable, Hashable {
    var status: Int
    /// The header `x-immutable-release`.
    var release: String?
    var body: String
}

/// Why there is no reply.
struct NoReply: Error, Sendable, CustomStringConvertible {
    var description: String
}
