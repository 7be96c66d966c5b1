import EventSourcing

/// `POST /orders/{orderId}/shipment`
struct ShipOrder: Command {
    typealias Stream = Order

    let aggregateId: String
    let carrier: String

    init(_ request: CommandRequest) throws {
        aggregateId = try request.parameter("orderId")
        carrier = try request.body.string("carrier")
    }

    func decide(_ state: Order.State, at version: Int) -> Decision {
        switch state {
        case .unknown:
            .unknownOrder(aggregateId)
        case .paid(let email):
            .accept(OrderShipped(carrier: carrier, email: email), status: 200, orderId: aggregateId, after: version)
        case .placed, .shipped, .cancelled:
            .conflict(aggregateId, is: state, needs: "only a paid order is shipped")
        }
    }
}
