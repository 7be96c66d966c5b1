import EventSourcing

/// `POST /orders/{orderId}/payment`
struct PayOrder: Command {
    typealias Stream = Order

    let aggregateId: String
    let amount: Amount

    init(_ request: CommandRequest) throws {
        aggregateId = try request.parameter("orderId")
        amount = try request.body.amount("amount")
    }

    func decide(_ state: Order.State, at version: Int) -> Decision {
        switch state {
        case .unknown:
            .unknownOrder(aggregateId)
        case .placed(let total, _) where amount == total:
            .accept(OrderPaid(amount: amount), status: 200, orderId: aggregateId, after: version)
        case .placed(let total, _):
            .refuse(.error(409, "order '\(aggregateId)' costs \(total.text), not \(amount.text)", field: "amount"))
        case .paid, .shipped, .cancelled:
            .conflict(aggregateId, is: state, needs: "only a placed order that isn't paid takes a payment")
        }
    }
}
