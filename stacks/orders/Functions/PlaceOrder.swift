import EventSourcing

/// `POST /orders`
struct PlaceOrder: Command {
    typealias Stream = Order

    let aggregateId: String
    let placed: OrderPlaced

    init(_ request: CommandRequest) throws {
        aggregateId = try OrderID.checked(request.body.string("orderId"))
        let customer = try request.body.object("customer")
        let lines = try request.body.objects("lines", limit: 100).map(OrderLine.init)
        placed = OrderPlaced(
            customer: Customer(name: try customer.string("name"), email: try customer.email("email")),
            lines: lines,
            total: try OrderLine.total(of: lines)
        )
    }

    func decide(_ state: Order.State, at version: Int) -> Decision {
        guard version == 0 else { return .refuse(.error(409, "order '\(aggregateId)' exists already")) }
        return .accept(placed, status: 201, orderId: aggregateId, after: version)
    }
}

/// Order ids end up in subjects of mails and in addresses of pages.
enum OrderID {
    static func checked(_ id: String) throws -> String {
        guard id.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw MalformedInput(field: "orderId", problem: "must not have control characters")
        }
        return id
    }
}

extension OrderLine {
    init(_ fields: Fields) throws {
        self.init(
            sku: try fields.string("sku"),
            quantity: try fields.integer("quantity", in: 1...100_000),
            unitPrice: try fields.amount("unitPrice")
        )
    }

    /// A total that no amount can express could never be paid.
    static func total(of lines: [OrderLine]) throws -> Amount {
        let total = lines.reduce(Amount.zero) { $0 + $1.unitPrice * $1.quantity }
        guard Amount(total.text) != nil else {
            throw MalformedInput(field: "lines", problem: "must add up to at most 12 digits before the point")
        }
        return total
    }
}
