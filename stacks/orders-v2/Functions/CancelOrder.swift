import EventSourcing

/// `POST /orders/{orderId}/cancellation`
struct CancelOrder: Command {
    typealias Stream = Order

    let aggregateId: String
    let reason: String

    init(_ request: CommandRequest) throws {
        aggregateId = try request.parameter("orderId")
        reason = try request.body.string("reason")
    }

    func decide(_ state: Order.State, at version: Int) -> Decision {
        switch state {
        case .unknown:
            .unknownOrder(aggregateId)
        case .placed, .paid:
            .accept(OrderCancelled(reason: reason), status: 200, orderId: aggregateId, after: version)
        case .shipped, .cancelled:
            .conflict(aggregateId, is: state, needs: "it can't be cancelled any more")
        }
    }
}
