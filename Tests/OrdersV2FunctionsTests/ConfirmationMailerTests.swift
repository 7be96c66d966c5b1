import EventSourcing
import Testing

@testable import OrdersV2Functions

@Suite struct ConfirmationMailerTests {
    @Test func `placing and shipping are mailed, paying and cancelling are not`() throws {
        var order = OrderStream()
        _ = try order.run(place())
        _ = try order.run(pay())
        var cancelled = order
        _ = try cancelled.run(cancel())
        _ = try order.run(ship())
        let received = Email(
            to: "ann@shop.example", subject: "Order o-17 received",
            body: """
                Dear Ann Lee,

                we have received your order o-17:

                  2 x tea at 4.95
                  1 x pot at 10.10

                Total: 20.00

                """)
        let shipped = Email(to: "ann@shop.example", subject: "Order o-17 shipped", body: "Your order o-17 is on its way with Post.\n")
        #expect(try order.events.map(ConfirmationMailer.effects) == [[.email(received)], [], [.email(shipped)]])
        #expect(try cancelled.events.dropFirst().flatMap(ConfirmationMailer.effects) == [])
    }
}
