import EventSourcing
import StackRuntime

@main
struct OrdersFunctions {
    static func main() async {
        await StackFunctions(
            commands: [
                AnyCommand(PlaceOrder.self), AnyCommand(PayOrder.self), AnyCommand(ShipOrder.self), AnyCommand(CancelOrder.self),
            ],
            projections: [AnyProjection(OrderSummary.self)],
            reactors: [ConfirmationMailer.self],
            transforms: [],
            events: OrderEvents.types
        ).run()
    }
}
