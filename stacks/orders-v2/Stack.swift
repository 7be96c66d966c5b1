// immutable-stack-version: 1
import StackDescription

let stack = Stack(
    "orders",
    functions: .swiftProduct("OrdersV2Functions", memory: .mebibytes(512), timeout: .seconds(25)),
    eventStore: .dynamoDB(pointInTimeRecovery: true, ledgerShards: 64),
    eventBus: .kinesis(shards: 1, retention: .hours(24)),
    api: .http(domain: "api.orders.example", stage: "live"),
    commands: [
        .command("PlaceOrder", on: .post("/orders")),
        .command("PayOrder", on: .post("/orders/{orderId}/payment")),
        .command("ShipOrder", on: .post("/orders/{orderId}/shipment")),
        .command("CancelOrder", on: .post("/orders/{orderId}/cancellation")),
    ],
    readModels: [
        .table(
            "order-summary",
            projectedBy: "OrderSummary",
            indexes: [.index("by-customer", on: "customerEmail")],
            serves: [
                .get("/orders/{orderId}"),
                .get("/customers/{email}/orders", listing: "by-customer"),
            ]
        ),
        .table("revenue-by-day", projectedBy: "RevenueByDay", serves: [.get("/revenue/{day}")]),
    ],
    reactors: [.reactor("ConfirmationMailer", after: .crash(.park))],
    transform: .copy("SplitCustomerName", reversible: true),
    parity: [
        .readModel("order-summary", .exact),
        .readModel("revenue-by-day", .new),
    ],
    mail: .ses(sender: "shop@orders.example")
)
