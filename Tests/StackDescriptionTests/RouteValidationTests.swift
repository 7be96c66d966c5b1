import StackDescription
import Testing

@Suite struct RouteValidationTests {
    private func stack(on path: String) -> Stack {
        sampleStack { $0.commands.append(.command("Other", on: .post(path))) }
    }

    @Test(arguments: [
        "", "orders", "/orders/", "//", "/a//b", "/{}", "/{order-id}", "/{a}/{a}", "/a{b}", "/{proxy+}", "/a b", "/ä",
        "/.well-known/immutable-release",
    ])
    func `a path that can't be routed is refused`(path: String) {
        #expect(stack(on: path).problems().map(\.anchor) == [".post(\"\(path)\""])
    }

    @Test(arguments: ["/", "/a", "/a/{b}", "/{a}/b/{c}", "/a.b-c_d~e", "/.well-known/other"])
    func `a path of fixed segments and parameters is accepted`(path: String) {
        #expect(stack(on: path).problems() == [])
    }

    @Test func `a route that is there twice is refused at its second place`() throws {
        let problems = stack(on: "/orders").problems()
        #expect(problems.map(\.message) == ["the route 'POST /orders' is there twice"])
        #expect(problems.map(\.occurrence) == [1])
    }

    @Test func `routes that differ only in a parameter's name are refused`() {
        #expect(
            stack(on: "/orders/{id}/shipment").messages
                == [
                    "the routes 'POST /orders/{orderId}/shipment' and 'POST /orders/{id}/shipment' match the same requests"
                ])
    }

    @Test func `a fixed segment and a parameter in its place can be told apart`() {
        #expect(stack(on: "/orders/latest/shipment").problems() == [])
    }

    @Test func `a retired route that is still served is refused`() {
        #expect(sampleStack { $0.retiredRoutes = [.gone(.post("/orders"))] }.messages.count == 1)
        #expect(sampleStack { $0.retiredRoutes = [.gone(.get("/orders"))] }.messages.count == 0)
    }

    @Test func `a command on GET is refused`() {
        #expect(sampleStack { $0.commands.append(.command("Other", on: .get("/x"))) }.messages.count == 1)
    }

    @Test(arguments: ["/orders", "/a/{b}/{c}"])
    func `a query has exactly one parameter`(path: String) {
        let count = path.filter { $0 == "{" }.count
        #expect(
            sampleStack { $0.readModels[0].serves = [.get(path)] }.messages
                == ["'GET \(path)' has \(count) parameters; it needs exactly one"])
    }

    @Test func `a listing of an index that isn't there names the one that was meant`() {
        let problems = sampleStack {
            $0.readModels[0].serves = [.get("/customers/{email}/orders", listing: "by-costumer")]
        }.problems()
        #expect(problems.map(\.message) == ["read model 'order-summary' has no index 'by-costumer'"])
        #expect(problems.map(\.hint) == ["did you mean 'by-customer'?"])
    }
}
