import StackDescription
import Testing

@Suite struct PartNameTests {
    @Test(arguments: [
        ("PlaceOrder", "place-order"), ("OrderSummary", "order-summary"), ("Cases", "cases"),
        ("SplitHTTPName", "split-http-name"), ("HTTPPing", "http-ping"), ("OrdersV2", "orders-v2"),
        ("V2Orders", "v2-orders"), ("lowerCamel", "lower-camel"), ("snake_Case", "snake-case"), ("", ""),
    ])
    func `a handler's part name is its name in kebab case`(handler: String, part: String) {
        #expect(PartName.kebabCase(handler) == part)
    }

    @Test func `a stack's functions are its commands, projectors, queries and reactors`() {
        #expect(
            sampleStack().functionParts.map(\.name)
                == ["place-order", "ship-order", "order-summary", "order-summary-query", "confirmation-mailer"])
    }

    @Test func `a read model that serves nothing has no query function`() {
        let stack = sampleStack { $0.readModels[0].serves = [] }
        #expect(!stack.functionParts.map(\.name).contains("order-summary-query"))
    }
}
