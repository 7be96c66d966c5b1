import EventSourcing
import Foundation
import Testing

/// The rows of the catalogue that change attributes.
@Suite struct AttributeConversionTests {
    @Test func `add an attribute`() throws {
        let conversion = RuleSample([.on("OrderPlaced", [.add("currency", "EUR")])])
        #expect(try conversion.after(#"OrderPlaced {"qty":2}"#) == [#"OrderPlaced {"currency":"EUR","qty":2}"#])
        #expect(try conversion.wayBack(#"OrderPlaced {"qty":2}"#) == (1, [:]))
    }

    @Test func `add an attribute that follows from others`() throws {
        let conversion = RuleSample([
            .on("OrderPlaced", [.add("double", from: { .number(($0["qty"]?.number ?? 0) * 2) })])
        ])
        #expect(try conversion.after(#"OrderPlaced {"qty":2}"#) == [#"OrderPlaced {"double":4,"qty":2}"#])
    }

    @Test func `update an attribute`() throws {
        let conversion = RuleSample([
            .on(
                "OrderPlaced",
                [.update("total", by: { times(100, $0) }, back: { times(Decimal(string: "0.01") ?? 0, $0) })])
        ])
        #expect(try conversion.after(#"OrderPlaced {"total":19.9}"#) == [#"OrderPlaced {"total":1990}"#])
        #expect(try conversion.wayBack(#"OrderPlaced {"total":19.9}"#) == (1, [:]))
    }

    @Test func `delete an attribute`() throws {
        let conversion = RuleSample([.on("OrderPlaced", [.delete("fax")])])
        #expect(try conversion.after(#"OrderPlaced {"fax":"1","qty":2}"#) == [#"OrderPlaced {"qty":2}"#])
        #expect(conversion.rules.reverse == nil)
    }

    @Test func `an attribute that is deleted comes back where it had the value that is restored`() throws {
        let conversion = RuleSample([.on("OrderPlaced", [.delete("fax", restoring: .null)])])
        #expect(try conversion.wayBack(#"OrderPlaced {"fax":null}"#, #"OrderPlaced {"fax":"1"}"#) == (1, ["OrderPlaced": 1]))
    }

    @Test func `rename an attribute`() throws {
        let conversion = RuleSample([.on("OrderPlaced", [.rename("qty", to: "line.quantity")])])
        #expect(try conversion.after(#"OrderPlaced {"qty":2}"#) == [#"OrderPlaced {"line":{"quantity":2}}"#])
        #expect(try conversion.wayBack(#"OrderPlaced {"qty":2}"#) == (1, [:]))
    }

    @Test func `merge attributes`() throws {
        let conversion = RuleSample([
            .on("OrderPlaced", [.merge("given", "family", into: "name", by: { "\($0) \($1)" }, back: halves)])
        ])
        #expect(try conversion.after(#"OrderPlaced {"family":"Lee","given":"Ann"}"#) == [#"OrderPlaced {"name":"Ann Lee"}"#])
        #expect(try conversion.wayBack(#"OrderPlaced {"family":"Lee","given":"Ann"}"#) == (1, [:]))
        #expect(try conversion.wayBack(#"OrderPlaced {"family":"Lee","given":"Ann B"}"#) == (0, ["OrderPlaced": 1]))
    }

    @Test func `split an attribute`() throws {
        let conversion = RuleSample([
            .on("OrderPlaced", [.split("name", into: "given", "family", by: halves, back: { "\($0) \($1)" })])
        ])
        #expect(try conversion.after(#"OrderPlaced {"name":"Ann Lee"}"#) == [#"OrderPlaced {"family":"Lee","given":"Ann"}"#])
        #expect(try conversion.wayBack(#"OrderPlaced {"name":"Ann Lee"}"#) == (1, [:]))
    }

    @Test func `move an attribute to a later event`() throws {
        let conversion = RuleSample([.moveAttribute("email", from: "OrderPlaced", to: "OrderShipped")])
        #expect(
            try conversion.after(#"OrderPlaced {"email":"a@b","qty":2}"#, "OrderPaid", #"OrderShipped {"carrier":"C"}"#)
                == [#"OrderPlaced {"qty":2}"#, "OrderPaid", #"OrderShipped {"carrier":"C","email":"a@b"}"#])
        #expect(conversion.rules.reverse == nil)
    }

    @Test func `an attribute that is copied to a later event comes back`() throws {
        let conversion = RuleSample([.copyAttribute("email", from: "OrderPlaced", to: "OrderShipped")])
        #expect(
            try conversion.after(#"OrderPlaced {"email":"a@b"}"#, "OrderShipped")
                == [#"OrderPlaced {"email":"a@b"}"#, #"OrderShipped {"email":"a@b"}"#])
        #expect(try conversion.wayBack(#"OrderPlaced {"email":"a@b"}"#, "OrderShipped") == (2, [:]))
    }

    @Test func `change each element of a list`() throws {
        let conversion = RuleSample([.on("OrderPlaced", [.each("lines", [.rename("qty", to: "quantity")])])])
        #expect(
            try conversion.after(#"OrderPlaced {"lines":[{"qty":1},{"qty":2}]}"#)
                == [#"OrderPlaced {"lines":[{"quantity":1},{"quantity":2}]}"#])
        #expect(try conversion.wayBack(#"OrderPlaced {"lines":[{"qty":1},{"qty":2}]}"#) == (1, [:]))
    }

    @Test func `an attribute that is missing is an error unless it is optional`() throws {
        let error = #expect(throws: TransformFailed.self) {
            try RuleSample([.on("OrderPlaced", [.rename("qyt", to: "quantity")])]).after("OrderPaid", #"OrderPlaced {"qty":2}"#)
        }
        #expect(error?.eventId == "e-2")
        #expect(error?.reason == "attribute 'qyt' is missing")
        let optional = RuleSample([.on("OrderPlaced", [.rename("gift", to: "isGift").optional])])
        #expect(try optional.after("OrderPlaced", #"OrderPlaced {"gift":true}"#) == ["OrderPlaced", #"OrderPlaced {"isGift":true}"#])
        #expect(try optional.wayBack("OrderPlaced", #"OrderPlaced {"gift":true}"#) == (2, [:]))
    }

    @Test func `an attribute is never overwritten by another`() {
        #expect(throws: TransformFailed.self) {
            try RuleSample([.on("A", [.rename("a", to: "b")])]).after(#"A {"a":1,"b":2}"#)
        }
    }

    @Test func `events that no rule names keep their bytes`() throws {
        let conversion = RuleSample([.on("OrderPlaced", [.add("a", 1)])])
        #expect(try conversion.after(#"OrderPaid {"b": 1, "a" :2.50}"#) == [#"OrderPaid {"b": 1, "a" :2.50}"#])
    }

    private func times(_ factor: Decimal, _ value: Value) -> Value { .number((value.number ?? 0) * factor) }

    private func halves(_ name: String) -> (String, String) {
        let parts = name.split(separator: " ", maxSplits: 1).map(String.init)
        return (parts[0], parts.count > 1 ? parts[1] : "")
    }
}
