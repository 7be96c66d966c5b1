import Foundation
import StackDescription
import Testing

@Suite struct SearchValidationTests {
    private static let endpoint = "https://search-orders-abc123.eu-west-1.es.amazonaws.com"

    private func stack(
        _ mapping: [ReadModel.Field] = [.text("name"), .text("lines.sku"), .keyword("status"), .number("total"), .date("placedAt")],
        _ query: ReadModel.Query = .search("/orders", searching: ["name", "lines.sku"], filteredBy: ["status"], sortedBy: ["placedAt"]),
        domain: SearchDomain? = .openSearch(endpoint: endpoint)
    ) -> Stack {
        sampleStack {
            $0.readModels.append(.index("order-search", projectedBy: "OrderSearch", mapping: mapping, serves: [query]))
            $0.search = domain
        }
    }

    @Test func `an index with its mapping, its search and its domain is accepted, and written and read as it is`() throws {
        #expect(stack().problems() == [])
        let stack = stack()
        #expect(try JSONDecoder().decode(Stack.self, from: JSONEncoder().encode(stack)) == stack)
        #expect(stack.functionParts.map(\.name).suffix(3) == ["order-search", "order-search-query", "confirmation-mailer"])
    }

    @Test func `an index needs a search domain`() {
        let problems = stack(domain: nil).problems()
        #expect(problems.map(\.message) == ["read model 'order-search' is a search index, and the stack has no search domain"])
        #expect(problems.map(\.anchor) == ["\"order-search\""])
    }

    @Test(arguments: [
        "", "orders", "http://search-orders-abc.eu-west-1.es.amazonaws.com", "https://search.example/path", "https://a.example:9200",
    ])
    func `an endpoint that isn't one is refused at its place`(endpoint: String) {
        #expect(stack(domain: .openSearch(endpoint: endpoint, domain: "orders")).problems().map(\.anchor) == ["\"\(endpoint)\""])
    }

    @Test func `a domain in a VPC is refused, which no function could reach`() {
        let endpoint = "https://vpc-orders-abc123.eu-west-1.es.amazonaws.com"
        #expect(
            stack(domain: .openSearch(endpoint: endpoint)).messages == ["the search domain is inside of a VPC, which the functions are not"]
        )
    }

    @Test func `the domain's name is told by the endpoint that AWS gave, and asked for with one's own`() {
        #expect(SearchDomain.openSearch(endpoint: "https://search-my-orders-abc123.eu-west-1.es.amazonaws.com").name == "my-orders")
        #expect(stack(domain: .openSearch(endpoint: "https://search.orders.example")).messages.count == 1)
        #expect(stack(domain: .openSearch(endpoint: "https://search.orders.example", domain: "orders")).messages == [])
        #expect(stack(domain: .openSearch(endpoint: "https://search.orders.example", domain: "O")).messages.count == 1)
    }

    @Test(
        arguments: [
            ([], "\"order-search\""), ([.text("a"), .text("a")], ".text(\"a\""), ([.text("a"), .keyword("a")], ".keyword(\"a\""),
            ([.text("")], ".text(\"\""), ([.text("a..b")], ".text(\"a..b\""), ([.text("lines[].sku")], ".text(\"lines[].sku\""),
            ([.keyword("id")], ".keyword(\"id\""), ([.date("_event")], ".date(\"_event\""), ([.text("a"), .number("a.b")], ".text(\"a\""),
        ] as [([ReadModel.Field], String)])
    func `a mapping that can't be is refused at its place`(mapping: [ReadModel.Field], anchor: String) {
        #expect(stack(mapping, .search("/orders")).problems().map(\.anchor) == [anchor])
    }

    @Test(
        arguments: [
            .search("/orders", searching: ["status"]), .search("/orders", searching: ["nmae"]), .search("/orders", filteredBy: ["name"]),
            .search("/orders", filteredBy: ["placedAt"]), .search("/orders", sortedBy: ["lines.sku"]),
            .search("/orders", sortedBy: ["total", "total"]),
            .search("/found/{customer}"), .search("/orders", pageSize: 0), .search("/orders", pageSize: 101),
        ] as [ReadModel.Query])
    func `a search that the mapping doesn't allow is refused at its place`(query: ReadModel.Query) {
        #expect(
            stack([.text("name"), .text("lines.sku"), .keyword("status"), .number("total"), .date("placedAt")], query).problems().map(
                \.anchor)
                == [".search(\"\(query.path)\""])
    }

    @Test func `the field that was meant is named`() {
        #expect(stack([.text("name")], .search("/orders", searching: ["nam"])).problems().map(\.hint) == ["did you mean 'name'?"])
    }

    @Test func `a filter can't be called like a parameter of every search`() {
        #expect(stack([.keyword("page")], .search("/orders", filteredBy: ["page"])).messages.count == 1)
    }

    @Test func `an alias is a name of its own`() {
        func aliases(_ first: String, _ second: String) -> [String] {
            sampleStack {
                $0.readModels += [
                    .index("a", projectedBy: "A", mapping: [.text("a")], alias: first),
                    .index("b", projectedBy: "B", mapping: [.text("a")], alias: second),
                ]
                $0.search = .openSearch(endpoint: Self.endpoint)
            }.problems().map(\.anchor)
        }
        #expect(aliases("one", "two") == [])
        #expect(aliases("one", "one") == ["\"one\""])
        #expect(aliases("One", "orders-r1-a") == ["\"One\"", "\"orders-r1-a\""])
    }

    @Test func `an index serves searches, and a table none`() {
        #expect(stack([.text("a")], .get("/found/{id}")).problems().map(\.anchor) == [".get(\"/found/{id}\""])
        #expect(sampleStack { $0.readModels[0].serves.append(.search("/orders")) }.problems().map(\.anchor) == [".search(\"/orders\""])
    }

    @Test func `a search is on GET, and collides with what else is there`() {
        #expect(stack([.text("a")], .search("/orders/{x}/y")).problems().count == 1)
        let twice = sampleStack {
            $0.readModels.append(
                .index("order-search", projectedBy: "OrderSearch", mapping: [.text("a")], serves: [.search("/orders"), .search("/orders")]))
            $0.search = .openSearch(endpoint: Self.endpoint)
        }
        #expect(twice.problems().map(\.anchor) == [".search(\"/orders\""])
    }

    @Test func `a projection of other than streams can't fill an index`() {
        let stack = stack()
        var catalogue = Catalogue(
            commands: ["PlaceOrder", "ShipOrder"], projections: ["OrderSummary", "OrderSearch"], streamProjections: ["OrderSearch"],
            reactors: ["ConfirmationMailer"], transforms: [.init(name: "SplitCustomerName", reversible: true)])
        #expect(stack.problems(against: catalogue) == [])
        catalogue.streamProjections = []
        #expect(stack.problems(against: catalogue).map(\.anchor) == ["\"OrderSearch\""])
        catalogue.streamProjections = nil
        #expect(stack.problems(against: catalogue) == [])
    }
}
