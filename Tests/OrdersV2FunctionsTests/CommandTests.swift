import EventSourcing
import Testing

@testable import OrdersV2Functions

@Suite struct CommandTests {
    private func answer(_ status: Int, _ version: Int) -> Answer {
        Answer(status, ["orderId": "o-17", "version": .number(.init(version))])
    }

    @Test func `an order is placed, paid and shipped`() throws {
        var order = OrderStream()
        #expect(try order.run(place()) == answer(201, 1))
        #expect(try order.run(pay()) == answer(200, 2))
        #expect(try order.run(ship()) == answer(200, 3))
        #expect(order.events.map(\.type) == ["OrderSubmitted", "OrderPaid", "OrderShipped"])
        #expect(
            order.events.map(\.data) == [
                #"{"customer":{"email":"ann@shop.example","familyName":"Lee","givenName":"Ann"},"lines":[{"quantity":2,"sku":"tea","unitPrice":"4.95"},{"quantity":1,"sku":"pot","unitPrice":"10.10"}],"total":"20.00"}"#,
                #"{"amount":"20.00"}"#,
                #"{"carrier":"Post","email":"ann@shop.example"}"#,
            ])
    }

    @Test func `the same id again is refused, even once the order has ended`() throws {
        var order = OrderStream()
        _ = try order.run(place())
        #expect(try order.run(place()).status == 409)
        _ = try order.run(cancel())
        #expect(try order.run(place()).status == 409)
        #expect(order.events.count == 2)
    }

    /// What each state answers to payment, shipment and cancellation.
    @Test func `each state takes what it should and nothing else`() throws {
        let unknown = OrderStream()
        var placed = unknown
        _ = try placed.run(place())
        var cancelled = placed
        _ = try cancelled.run(cancel())
        var paid = placed
        _ = try paid.run(pay())
        var paidAndCancelled = paid
        _ = try paidAndCancelled.run(cancel())
        var shipped = paid
        _ = try shipped.run(ship())

        let table: [(OrderStream, Int, Int, Int)] = [
            (unknown, 404, 404, 404), (placed, 200, 409, 200), (paid, 409, 200, 200), (shipped, 409, 409, 409), (cancelled, 409, 409, 409),
            (paidAndCancelled, 409, 409, 409),
        ]
        for (stream, payment, shipment, cancellation) in table {
            var (one, two, three) = (stream, stream, stream)
            #expect(try one.run(pay()).status == payment)
            #expect(try two.run(ship()).status == shipment)
            #expect(try three.run(cancel()).status == cancellation)
        }
    }

    @Test(arguments: [("20", 200), ("20.0000", 200), ("19.99", 409), ("20.0001", 409), ("0", 409)])
    func `a payment must be the total, however it is written`(amount: String, status: Int) throws {
        var order = OrderStream()
        _ = try order.run(place())
        #expect(try order.run(pay(amount)).status == status)
    }

    @Test func `malformed orders name the field`() throws {
        let cases: [(String, (inout Value) -> Void)] = [
            ("orderId", { $0["orderId"] = nil }),
            ("orderId", { $0["orderId"] = 17 }),
            ("orderId", { $0["orderId"] = "o\r\nBcc: x" }),
            ("customer", { $0["customer"] = "Ann" }),
            ("customer.name", { $0["customer"] = ["email": "a@b"] }),
            ("customer.email", { $0["customer"] = ["name": "Ann", "email": "ann"] }),
            ("lines", { $0["lines"] = [] }),
            ("lines", { $0["lines"] = .list(Array(repeating: ["sku": "tea", "quantity": 1, "unitPrice": "1"], count: 101)) }),
            ("lines[0]", { $0["lines"] = [1] }),
            ("lines[0].sku", { $0["lines"] = [["quantity": 1, "unitPrice": "1"]] }),
            ("lines[0].quantity", { $0["lines"] = [["sku": "tea", "quantity": 0, "unitPrice": "1"]] }),
            ("lines[0].quantity", { $0["lines"] = [["sku": "tea", "quantity": "1", "unitPrice": "1"]] }),
            ("lines[0].unitPrice", { $0["lines"] = [["sku": "tea", "quantity": 1, "unitPrice": 1]] }),
            ("lines[0].unitPrice", { $0["lines"] = [["sku": "tea", "quantity": 1, "unitPrice": "-1"]] }),
            ("lines", { $0["lines"] = [["sku": "tea", "quantity": 2, "unitPrice": "999999999999"]] }),
        ]
        for (field, change) in cases {
            let error = #expect(throws: MalformedInput.self) { try place(change) }
            #expect(error?.field == field)
        }
    }

    @Test func `a body that is no object is malformed`() {
        #expect(throws: MalformedInput(field: "body", problem: "must be a JSON object")) {
            try PayOrder(CommandRequest(path: ["orderId": "o-17"], body: .null))
        }
        #expect(throws: MalformedInput(field: "orderId", problem: "is missing from the path")) {
            try ShipOrder(CommandRequest(body: ["carrier": "Post"]))
        }
        #expect(throws: MalformedInput(field: "reason", problem: "is missing")) {
            try CancelOrder(CommandRequest(path: ["orderId": "o-17"]))
        }
    }
}
