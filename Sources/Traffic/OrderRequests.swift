import Foundation

/// The requests of the orders API.
extension OrderLife {
    private struct Placement: Encodable {
        struct Customer: Encodable {
            var name: String
            var email: String
        }
        var orderId: String
        var customer: Customer
        var lines: [Line]
    }

    func place(_ key: String) throws -> Request {
        let body = Placement(orderId: id, customer: .init(name: name, email: email), lines: lines)
        return write(.place, "/orders", key, body: try Self.json(body))
    }

    func pay(_ key: String, amount: String? = nil) throws -> Request {
        write(.pay, "/orders/\(id)/payment", key, body: try Self.json(["amount": amount ?? total]))
    }

    func ship(_ key: String) throws -> Request {
        write(.ship, "/orders/\(id)/shipment", key, body: try Self.json(["carrier": "Swift Parcels"]))
    }

    func cancel(_ key: String) throws -> Request {
        write(.cancel, "/orders/\(id)/cancellation", key, body: try Self.json(["reason": "changed my mind"]))
    }

    var get: Request { Request(kind: .get, method: "GET", path: "/orders/\(id)", orderId: id) }

    /// All orders of the same customer.
    var list: Request {
        let segment = email.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(.init(charactersIn: "-._"))) ?? email
        return Request(kind: .list, method: "GET", path: "/customers/\(segment)/orders")
    }

    private func write(_ kind: RequestKind, _ path: String, _ key: String, body: String) -> Request {
        Request(kind: kind, method: "POST", path: path, orderId: id, idempotencyKey: key, body: body)
    }

    private static func json(_ value: some Encodable) throws -> String { String(decoding: try JSONEncoder().encode(value), as: UTF8.self) }
}

extension Request {
    /// A placement without an order id.
    static func malformed(_ key: String) -> Request {
        Request(
            kind: .malformed, method: "POST", path: "/orders", idempotencyKey: key,
            body: #"{"customer":{"name":"No Body","email":"nobody@example.org"},"lines":[]}"#)
    }

    static let unknownRoute = Request(kind: .unknown, method: "GET", path: "/no/such/route")
}
