import Foundation
import Testing

@testable import AWS

@Suite struct FormatTests {
    @Test func `an item is written as DynamoDB's JSON, byte for byte`() throws {
        let item: Item = [
            "s": "a\"b\\c\n\u{01}é", "n": 12, "b": .b([1, 2, 3]), "t": true, "z": .null, "l": .l(["x", 1]),
            "m": .m(["k": false]), "ss": .ss(["p", "q"]), "ns": .ns(["1.5"]), "bs": .bs([[0]]),
        ]
        let json =
            #"{"b":{"B":"AQID"},"bs":{"BS":["AA=="]},"l":{"L":[{"S":"x"},{"N":"1"}]},"m":{"M":{"k":{"BOOL":false}}},"#
            + #""n":{"N":"12"},"ns":{"NS":["1.5"]},"s":{"S":"a\"b\\c\n\u0001é"},"ss":{"SS":["p","q"]},"#
            + #""t":{"BOOL":true},"z":{"NULL":true}}"#
        #expect(text(AttributeValue.json(item)) == json)
        #expect(try AttributeValue.item(parsing: Array(json.utf8)) == item)
    }

    @Test func `an item is found inside a stream record`() throws {
        let record = Array(
            #"""
            { "eventName": "INSERT", "dynamodb": {"Keys": {"id": {"S": "k"}}, "n": [1, {"a": null}],
              "NewImage": {"id": {"S": "\u00e9\ud83d\ude9a\/\t"}}} , "tail": -1.5e3 }
            """#.utf8)
        #expect(try AttributeValue.item(at: ["dynamodb", "NewImage"], parsing: record) == ["id": "é🚚/\t"])
        #expect(try AttributeValue.item(at: ["dynamodb", "OldImage"], parsing: record) == nil)
        #expect(try AttributeValue.item(at: ["eventName", "x"], parsing: record) == nil)
    }

    @Test(arguments: [
        "", " ", "{", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "\"abc", "\"a\\", "\"\\u12\"", "\"\\x\"",
        "tru", "nul", "1 2", "-", "+1", ".5", "1.2.3", "nan", "]", "{1:2}",
    ])
    func `what is not JSON is an error and never a trap`(input: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: Array(input.utf8)) }
    }

    @Test func `half of a surrogate pair becomes a replacement character`() throws {
        #expect(try JSON(parsing: Array(#""\ud83d""#.utf8)) == "\u{FFFD}")
        #expect(try JSON(parsing: Array(#""\ud83dA\u0041""#.utf8)) == "\u{FFFD}AA")
        #expect(try JSON(parsing: Array(#""\ud83d\u0041""#.utf8)) == "\u{FFFD}A")
    }

    @Test func `nesting without end is an error`() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONError.self) { try JSON(parsing: Array(deep.utf8)) }
        let tags = String(repeating: "<a>", count: 100_000)
        #expect(throws: XMLError.self) { try XMLElement(parsing: Array(tags.utf8)) }
    }

    @Test func `JSON keeps its numbers' digits and sorts its members`() throws {
        let json = try JSON(parsing: Array(#" {"b": 12345678901234567890.10, "a": [true, null, {"x": 1e3}]} "#.utf8))
        #expect(text(json.bytes) == #"{"a":[true,null,{"x":1e3}],"b":12345678901234567890.10}"#)
        #expect(json["a"].array?[2]["x"].int == 1000)
        #expect(json["none"]["deeper"] == .null)
    }

    @Test(arguments: [
        ("12", 12), ("-7", -7), ("120.0", 120), ("1.2E+3", 1200), ("5E1", 50), ("0.0", 0), ("1.5", nil), ("1E-1", nil),
        ("", nil), ("x", nil), ("1e999999999", nil), ("99999999999999999999", nil),
    ])
    func `a whole number is read however it is written`(text: String, expected: Int?) {
        #expect(AttributeValue.n(text).int == expected)
    }

    @Test func `XML is read with its entities, namespaces and comments`() throws {
        let xml = try XMLElement(
            parsing: Array(
                """
                <?xml version="1.0"?><!-- a comment --><r:Root xmlns:r="x">
                  <Item a="1"><Key>a &amp; b &#x41;&#66;</Key></Item><Item><Key><![CDATA[<raw>]]></Key></Item><Empty/>
                </r:Root>
                """.utf8))
        #expect(xml.name == "Root" && xml.text.isEmpty)
        #expect(xml.all("Item").map { $0.first("Key")?.text } == ["a & b AB", "<raw>"])
        #expect(xml.at("Item", "Key")?.text == "a & b AB")
        #expect(xml.first("Empty") == XMLElementFixture.empty)
    }

    @Test(arguments: ["", "<a>", "<a></b>", "</a>", "<a/><b/>", "<a", "text", "<a><!-- </a>", "<>"])
    func `malformed XML is an error and never a trap`(input: String) {
        #expect(throws: XMLError.self) { try XMLElement(parsing: Array(input.utf8)) }
    }

    @Test func `text is percent-encoded but for unreserved characters`() {
        #expect("a-b_c.d~e/ü +%".percentEncoded() == "a-b_c.d~e%2F%C3%BC%20%2B%25")
        #expect("a/b c".percentEncoded(keepingSlashes: true) == "a/b%20c")
    }
}

private enum XMLElementFixture {
    static let empty = try? XMLElement(parsing: Array("<Empty/>".utf8))
}
