import StackDescription

/// A stack that has no problems, for tests that break one thing of it.
func sampleStack(_ change: (inout Stack) -> Void = { _ in }) -> Stack {
    var stack = Stack(
        "orders",
        functions: .swiftProduct("OrdersFunctions"),
        api: .http(domain: "api.orders.example"),
        commands: [
            .command("PlaceOrder", on: .post("/orders")),
            .command("ShipOrder", on: .post("/orders/{orderId}/shipment")),
        ],
        readModels: [
            .table(
                "order-summary", projectedBy: "OrderSummary", indexes: [.index("by-customer", on: "customerEmail")],
                serves: [.get("/orders/{orderId}"), .get("/customers/{email}/orders", listing: "by-customer")])
        ],
        reactors: [.reactor("ConfirmationMailer", after: .crash(.park))],
        transform: .copy("SplitCustomerName", reversible: true),
        parity: [.readModel("order-summary", .exact(ignoring: ["updatedAt"]))],
        mail: .ses(sender: "shop@orders.example"),
        traffic: .expected(writesPerSecond: 20)
    )
    change(&stack)
    return stack
}

extension Stack {
    /// The messages of all problems, without their hints.
    var messages: [String] { problems().map(\.message) }
}
