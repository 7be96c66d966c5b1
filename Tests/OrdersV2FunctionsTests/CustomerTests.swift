import EventSourcing
import Testing

@testable import OrdersV2Functions

@Suite struct CustomerTests {
    private func customer(_ fields: Value) throws -> Customer {
        var customer = fields
        customer["email"] = "ann@shop.example"
        return try place { $0["customer"] = customer }.submitted.customer
    }

    @Test func `a name in one is split, a name in parts is taken as it is`() throws {
        let ann = Customer(givenName: "Ann", familyName: "Lee Park", email: "ann@shop.example")
        #expect(try customer(["name": "Ann Lee Park"]) == ann)
        #expect(try customer(["givenName": "Ann", "familyName": "Lee Park"]) == ann)
        #expect(try customer(["givenName": "Ann", "familyName": "Lee Park", "name": .null]) == ann)
    }

    @Test(
        arguments: [
            ["givenName": "Ann"], ["givenName": "Ann", "familyName": ""], ["givenName": "Ann", "familyName": .null], ["name": "Ann"],
        ] as [Value])
    func `a family name may be missing`(fields: Value) throws {
        #expect(try customer(fields) == Customer(givenName: "Ann", familyName: "", email: "ann@shop.example"))
        #expect(try customer(fields).name == "Ann")
    }

    @Test(
        arguments: [
            ([:], "customer.name"), (["familyName": "Lee"], "customer.givenName"), (["givenName": 1], "customer.givenName"),
            (["givenName": "Ann", "familyName": 1], "customer.familyName"), (["name": "Ann", "givenName": "Ann"], "customer.name"),
            (["name": "Ann", "familyName": ""], "customer.name"),
        ] as [(Value, String)])
    func `a name that is missing, mixed or no text is malformed`(fields: Value, field: String) {
        let error = #expect(throws: MalformedInput.self) { try customer(fields) }
        #expect(error?.field == field)
    }
}
