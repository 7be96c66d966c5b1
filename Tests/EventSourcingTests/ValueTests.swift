import EventSourcing
import Foundation
import Testing

@Suite struct ValueTests {
    @Test(arguments: [
        "null", "true", "false", #""text""#, "[]", "{}", "0", "-1", "9007199254740993", "18446744073709551615", "0.1", "-273.15",
        "12345678901234567890123456789012345678", #"{"a":[1,{"b":null}],"c":"é\n\u0001\""}"#, #"["1","true","null"]"#, #""a/b""#,
    ])
    func `a value comes back byte by byte`(json: String) throws {
        #expect(try StableJSON.encode(Value.parse(json)) == json)
    }

    @Test func `numbers, booleans and texts stay what they are`() throws {
        #expect(try Value.parse(#"[1, true, "1", null, 1.0]"#) == [1, true, "1", .null, 1])
    }

    @Test func `texts are equal by their bytes`() {
        let (composed, decomposed): (Value, Value) = ("caf\u{E9}", "cafe\u{301}")
        #expect(composed != decomposed)
        #expect(["l": [composed]] as Value != ["l": [decomposed]])
    }

    @Test func `keys are sorted and white space goes`() throws {
        #expect(try StableJSON.encode(Value.parse(#" { "b" : 1 , "a" : { "d" : 2, "c" : 3 } } "#)) == #"{"a":{"c":3,"d":2},"b":1}"#)
    }

    @Test(arguments: ["", "{", "{]", "nul", #"{"a"}"#, "\u{FEFF}x", "1e999", "NaN"])
    func `what is no JSON is an error`(json: String) {
        #expect(throws: (any Error).self) { try Value.parse(json) }
    }

    @Test(arguments: [#"{"a":1,"a":2}"#, "{\"\u{E9}\":1,\"e\u{301}\":2}"])
    func `keys that are given twice, or look the same, leave one field`(json: String) throws {
        #expect(try Value.parse(json).object?.count == 1)
    }

    @Test(arguments: ["1e127", "-1e127", "1e-127", "1e-128", "1e128", "-0", "0.0000000000000000000000000000000000000001", "1e-400"])
    func `numbers at the limits are read or refused, and what was read stays the same`(json: String) throws {
        guard let value = try? Value.parse(json) else { return }
        #expect(try Value.parse(StableJSON.encode(value)) == value)
    }

    @Test func `nesting without end is an error and no crash`() {
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(throws: (any Error).self) { try Value.parse(deep) }
    }

    @Test func `a field is read, set and removed on objects alone`() throws {
        var value: Value = ["a": 1]
        value["b"] = "x"
        value["a"] = nil
        #expect(value == ["b": "x"])
        var list: Value = [1]
        list["a"] = 1
        #expect(list == [1])
        #expect(list["a"] == nil)
    }

    @Test func `an encodable becomes a tree and back`() throws {
        let email = Email(to: "a@b", subject: "s", body: "")
        let value = try Value(encoding: email)
        #expect(value == ["to": "a@b", "subject": "s", "body": ""])
        #expect(try value.decode(Email.self) == email)
    }
}
