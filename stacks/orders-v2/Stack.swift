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
        .index(
            "order-search",
            projectedBy: "OrderSearch",
            mapping: [
                .text("customerName"), .text("customerEmail"), .text("lines.sku"),
                .keyword("status"), .number("total"), .date("placedAt"),
            ],
            alias: "orders",
            serves: [
                .search(
                    "/orders",
                    searching: ["customerName", "customerEmail", "lines.sku"],
                    filteredBy: ["status"],
                    sortedBy: ["placedAt", "total"]
                )
            ]
        ),
    ],
    reactors: [.reactor("ConfirmationMailer", after: .crash(.park))],
    transform: .copy("SplitCustomerName", reversible: true),
    parity: [
        .readModel("order-summary", .exact),
        .readModel("revenue-by-day", .new),
        .readModel("order-search", .new),
    ],
    mail: .ses(sender: "shop@orders.example"),
    search: .openSearch(endpoint: "https://search-orders-hq4n6z5b2v7xk3mdtwcryl8p1e.us-east-1.es.amazonaws.com")
)
