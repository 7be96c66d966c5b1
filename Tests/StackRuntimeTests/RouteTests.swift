import Foundation
import Testing

@testable import StackRuntime

@Suite struct RouteTests {
    private func event(_ method: String, _ path: String, stage: String? = nil) -> HTTPEvent {
        HTTPEvent(rawPath: path, requestContext: .init(http: .init(method: method, path: path), stage: stage))
    }

    @Test func `parameters are taken from the path and percent-decoded`() throws {
        let route = try Route("GET /customers/{email}/orders")
        #expect(route.match(event("GET", "/customers/a%40b.example/orders")) == ["email": "a@b.example"])
    }

    @Test(arguments: [
        ("caf%C3%A9", "café"), ("a%2Fb%25", "a/b%"), ("100%", "100%"), ("%4", "%4"), ("%zz", "%zz"), ("%FF", "%FF"), ("+", "+"),
    ])
    func `what isn't valid percent-encoding is taken as it stands`(path: String, id: String) throws {
        #expect(try Route("GET /orders/{orderId}").match(event("GET", "/orders/\(path)")) == ["orderId": id])
    }

    @Test func `another method, a longer path and another word are other routes`() throws {
        let route = try Route("POST /orders/{orderId}/payment")
        #expect(route.match(event("GET", "/orders/1/payment")) == nil)
        #expect(route.match(event("POST", "/orders/1/payment/2")) == nil)
        #expect(route.match(event("POST", "/orders/1/shipment")) == nil)
    }

    @Test func `the stage's name in front of the path is passed over`() throws {
        let route = try Route("GET /orders/{orderId}")
        #expect(route.match(event("GET", "/live/orders/7", stage: "live")) == ["orderId": "7"])
        #expect(route.match(event("GET", "/orders/7", stage: "live")) == ["orderId": "7"])
    }

    @Test func `routes that differ only in their parameters' names have one shape`() throws {
        #expect(try Route("GET /orders/{id}").shape == Route("GET /orders/{orderId}").shape)
    }

    @Test func `where two routes match, the one that spells more out comes first`() throws {
        let (literal, parameter) = (try Route("POST /orders/import"), try Route("POST /orders/{orderId}"))
        #expect(literal.precedes(parameter) && !parameter.precedes(literal))
        let (early, late) = (try Route("GET /a/b/{y}"), try Route("GET /a/{x}/c"))
        #expect(early.precedes(late) && !late.precedes(early))
        #expect(try !parameter.precedes(Route("POST /orders/{id}")))
    }

    @Test func `text that is no route is refused`() {
        #expect(throws: StartFailure.self) { try Route("orders") }
        #expect(throws: StartFailure.self) { try Route("GET orders") }
    }
}
