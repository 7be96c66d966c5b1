import Foundation

/// What must come back, by the client's own model of its orders.
enum Expectation: Sendable {
    /// The command was carried out: the order is now at `version`.
    case accepted(status: Int, orderId: String, version: Int)
    case refused(status: Int)
    /// 400, naming this field.
    case malformed(field: String)
    case unknownRoute
    /// A repeat: the first answer again, whichever release answers.
    case same(as: Reply)
    /// A state that the order has had: read models follow the writes, and those of two releases don't follow alike.
    case document(OrderLife)
    /// Any of these orders, each in a state that it has had.
    case list([OrderLife])

    private struct Accepted: Decodable, Equatable {
        var orderId: String
        var version: Int
    }

    private struct Refused: Decodable {
        var error: String
        var field: String?
    }

    private struct Document: Decodable {
        var orderId: String
        var status: OrderLife.Status
        var customerName: String
        var customerEmail: String
        var total: String
        var version: Int
    }

    /// What is wrong with a reply; nil if nothing is.
    func problem(with reply: Reply) -> String? {
        guard reply.release?.isEmpty == false else {
            return "status \(reply.status) without the header x-immutable-release: \(reply.excerpt)"
        }
        switch self {
        case .accepted(let status, let orderId, let version):
            return reply.problem(status: status) { (body: Accepted) in
                body == Accepted(orderId: orderId, version: version)
                    ? nil : "body tells \(body.orderId) at version \(body.version), not \(version)"
            }
        case .refused(let status):
            return reply.problem(status: status) { (_: Refused) in nil }
        case .malformed(let field):
            return reply.problem(status: 400) { (body: Refused) in
                body.field == field ? nil : "names the field '\(body.field ?? "")', not '\(field)'"
            }
        case .unknownRoute:
            return reply.problem(status: 404) { (_: Refused) in nil }
        case .same(let first):
            let isSame = reply.status == first.status && reply.body == first.body
            return isSame ? nil : "a repeat was answered \(reply.status) \(reply.excerpt), at first \(first.status) \(first.excerpt)"
        case .document(let order):
            if reply.status == 404 { return nil }
            return reply.problem(status: 200) { (body: Document) in Self.problem(body, order) }
        case .list(let orders):
            return reply.problem(status: 200) { (bodies: [Document]) in
                for body in bodies {
                    guard let order = orders.first(where: { $0.id == body.orderId }) else {
                        return "lists \(body.orderId), another's order"
                    }
                    if let problem = Self.problem(body, order) { return problem }
                }
                return nil
            }
        }
    }

    private static func problem(_ document: Document, _ order: OrderLife) -> String? {
        guard document.orderId == order.id, document.customerEmail == order.email, document.customerName == order.name,
            document.total == order.total
        else { return "shows \(document), which isn't what was placed" }
        let hadIt = order.history.indices.contains(document.version - 1) && order.history[document.version - 1] == document.status
        return hadIt ? nil : "shows \(document.status) at version \(document.version), which the order never was"
    }
}

extension Reply {
    /// For messages.
    var excerpt: String { String(body.prefix(200)) }

    func problem<Body: Decodable>(status expected: Int, _ check: (Body) -> String?) -> String? {
        guard status == expected else { return "status \(status) where \(expected) is due: \(excerpt)" }
        guard let decoded = try? JSONDecoder().decode(Body.self, from: Data(body.utf8)) else {
            return "status \(status) with an unexpected body: \(excerpt)"
        }
        return check(decoded)
    }
}
