import Testing

@testable import Traffic

@Suite struct ExpectationTests {
    private let options = TrafficOptions(endpoint: "http://127.0.0.1:1", domain: "api.orders.example", clients: 1, journalPath: "/dev/null")

    private func reply(_ status: Int, _ body: String, release: String? = "r1") -> Reply {
        Reply(status: status, release: release, body: body)
    }

    private var order: OrderLife {
        var order = OrderLife(id: "o-1", shard: 3, name: "Cher", email: "c@example.org", lines: [("a", 2, 950), ("b", 1, 5)])
        order.become(.placed)
        order.become(.paid)
        return order
    }

    @Test func `amounts are decimal strings of whole cents`() {
        #expect(order.total == "19.05")
        #expect(order.lines.map(\.unitPrice) == ["9.50", "0.05"])
    }

    @Test func `an answer without the release's header is wrong`() {
        #expect(Expectation.refused(status: 409).problem(with: reply(409, #"{"error":"x"}"#, release: nil)) != nil)
        #expect(Expectation.refused(status: 409).problem(with: reply(409, #"{"error":"x"}"#)) == nil)
    }

    @Test(arguments: [
        (201, #"{"orderId":"o-1","version":1}"#, true), (200, #"{"orderId":"o-1","version":1}"#, false),
        (201, #"{"orderId":"o-1","version":2}"#, false), (201, "{}", false), (503, "", false),
    ])
    func `an accepted command has its status, id and version`(status: Int, body: String, isRight: Bool) {
        let problem = Expectation.accepted(status: 201, orderId: "o-1", version: 1).problem(with: reply(status, body))
        #expect((problem == nil) == isRight)
    }

    @Test(arguments: [("paid", 2, true), ("placed", 1, true), ("shipped", 3, false), ("paid", 1, false)])
    func `a document shows a state that the order has had`(status: String, version: Int, isRight: Bool) {
        let body =
            #"{"orderId":"o-1","status":"\#(status)","customerName":"Cher","customerEmail":"c@example.org","total":"19.05","version":\#(version)}"#
        #expect((Expectation.document(order).problem(with: reply(200, body)) == nil) == isRight)
        #expect((Expectation.list([order]).problem(with: reply(200, "[\(body)]")) == nil) == isRight)
        #expect(Expectation.list([]).problem(with: reply(200, "[\(body)]")) != nil)
    }

    @Test func `a repeat has the first answer's status and body`() {
        let first = reply(201, #"{"orderId":"o-1","version":1}"#)
        #expect(Expectation.same(as: first).problem(with: reply(201, first.body, release: "r2")) == nil)
        #expect(Expectation.same(as: first).problem(with: reply(409, first.body)) != nil)
    }

    @Test func `the same seed makes the same orders, three of four on watched shards`() {
        var one = OrderMaker(options, client: 3)
        var other = OrderMaker(options, client: 3)
        let orders = (0..<200).map { _ in one.order() }
        #expect(orders == (0..<200).map { _ in other.order() })
        let watched = ShardChoice(options).watched
        #expect(watched.count == 4)
        let share = orders.filter { watched.contains($0.shard) }.count
        #expect(share > 130 && share < 180)
        #expect(Set(orders.map(\.id)).count == 200)
    }

    @Test func `ids hash onto shards as the stack's do`() {
        // SHA-256("abc") begins with ba7816bf8f01cfea; the last six bits of ea are 42.
        #expect(ShardChoice(options).shard(of: "abc") == 42)
    }
}
