import EventSourcing
import StackRuntime

@main
struct OrdersV2Functions {
    static func main() async {
        await StackFunctions(
            commands: [
                AnyCommand(PlaceOrder.self), AnyCommand(PayOrder.self), AnyCommand(ShipOrder.self), AnyCommand(CancelOrder.self),
            ],
            projections: [AnyProjection(OrderSummary.self), AnyProjection(RevenueByDay.self), AnyProjection(OrderSearch.self)],
            reactors: [ConfirmationMailer.self],
            transforms: [AnyTransform(SplitCustomerName.self)],
            events: OrderEvents.types
        ).run()
    }
}
