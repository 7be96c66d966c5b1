import EventSourcing

/// `POST /orders`
struct PlaceOrder: Command {
    typealias Stream = Order

    let aggregateId: String
    let submitted: OrderSubmitted

    init(_ request: CommandRequest) throws {
        aggregateId = try OrderID.checked(request.body.string("orderId"))
        let lines = try request.body.objects("lines", limit: 100).map(OrderLine.init)
        submitted = OrderSubmitted(
            customer: try Customer(request.body.object("customer")),
            lines: lines,
            total: try OrderLine.total(of: lines)
        )
    }

    func decide(_ state: Order.State, at version: Int) -> Decision {
        guard version == 0 else { return .refuse(.error(409, "order '\(aggregateId)' exists already")) }
        return .accept(submitted, status: 201, orderId: aggregateId, after: version)
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

extension Customer {
    /// Takes `name`, which is split, or `givenName` and `familyName`, which may be empty or absent.
    init(_ fields: Fields) throws {
        let parts = fields.all.filter { $0.value != .null }
        let isSplit = parts["givenName"] != nil || parts["familyName"] != nil
        guard !isSplit || parts["name"] == nil else {
            throw MalformedInput(field: "customer.name", problem: "must not come together with givenName or familyName")
        }
        let email = try fields.email("email")
        if isSplit {
            let hasFamily = parts["familyName"] != nil && parts["familyName"] != ""
            self.init(
                givenName: try fields.string("givenName"), familyName: hasFamily ? try fields.string("familyName") : "", email: email)
        } else {
            let (given, family) = CustomerName.split(try fields.string("name"))
            self.init(givenName: given, familyName: family, email: email)
        }
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
