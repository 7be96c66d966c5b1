import Foundation
import Testing

@testable import AWS

/// Items that are passed on as they came.
@Suite struct EncodedItemTests {
    private static let wire = #"""
        { "Count": 2, "Items" : [ {"id" : {"S": "a\"]}\\"}, "n":{"N":"1"}} ,
          {"m":{"M":{"q\"":{"L":[{"S":"\\"},{"NULL":true}]}}},"id":{"S":"\u00e9\ud83d\ude9a"}, "b":{"B":"AQID"}} ],
          "LastEvaluatedKey":{"id":{"S":"z"}} }
        """#

    @Test func `a scan's items are the answer's bytes`() async throws {
        let transport = ScriptedTransport([ScriptedTransport.answer(200, Self.wire)])
        let page = try await DynamoDB(scriptedClient(transport)).scanEncoded(.init(table: "t"))
        #expect(
            page.items.map { text(Array($0.json)) } == [
                #"{"id" : {"S": "a\"]}\\"}, "n":{"N":"1"}}"#,
                #"{"m":{"M":{"q\"":{"L":[{"S":"\\"},{"NULL":true}]}}},"id":{"S":"\u00e9\ud83d\ude9a"}, "b":{"B":"AQID"}}"#,
            ])
        #expect(page.lastKey == ["id": "z"])
        #expect(
            try page.items.map { try $0.decoded() } == [
                ["id": "a\"]}\\", "n": 1], ["m": .m(["q\"": .l(["\\", .null])]), "id": "é🚚", "b": .b([1, 2, 3])],
            ])
    }

    @Test func `a page that isn't whole, or of no items, is an error`() async throws {
        for wire in [#"{"Items":[{"id":{"S":"a"}"#, #"{"Items":[1]}"#, #"{"Items":["a"]}"#, #"{"Items":[{"id":{"S":"a\"}}]}"#] {
            let transport = ScriptedTransport([ScriptedTransport.answer(200, wire)])
            await #expect(throws: UnexpectedAnswer.self) { try await DynamoDB(scriptedClient(transport)).scanEncoded(.init(table: "t")) }
        }
    }

    @Test func `a batch write puts the bytes as they are`() async throws {
        let transport = ScriptedTransport([ScriptedTransport.answer(200, #"{"UnprocessedItems":{}}"#)])
        let item = EncodedItem(json: Array(#"{"id":{"S":"\u00e9"} }"#.utf8)[...])
        try await DynamoDB(scriptedClient(transport)).batchPut("t", encoded: [item])
        #expect(text(transport.requests[0].body) == #"{"RequestItems":{"t":[{"PutRequest":{"Item":{"id":{"S":"\u00e9"} }}}]}}"#)
    }

    @Test func `what a batch write left out is sent again as it came back`() async throws {
        let transport = ScriptedTransport([
            ScriptedTransport.answer(200, #"{"UnprocessedItems": {"t": [{"PutRequest": {"Item": {"id": {"S": "b"}}}}]}}"#),
            ScriptedTransport.answer(200, #"{"UnprocessedItems":{}}"#),
        ])
        try await DynamoDB(scriptedClient(transport)).batchPut("t", encoded: [EncodedItem(["id": "a"]), EncodedItem(["id": "b"])])
        #expect(text(transport.requests[1].body) == #"{"RequestItems":{"t":[{"PutRequest":{"Item":{"id": {"S": "b"}}}}]}}"#)
    }

    @Test func `a batch write takes at most 25 items and 16 MB`() async throws {
        let transport = ScriptedTransport([ScriptedTransport.answer(200, #"{"UnprocessedItems":{}}"#)])
        let dynamo = DynamoDB(scriptedClient(transport))
        try await dynamo.batchPut("t", encoded: (0..<60).map { EncodedItem(["id": .int($0)]) })
        let large = (0..<25).map { EncodedItem(["id": .int($0), "pad": .s(String(repeating: "x", count: 900_000))]) }
        try await dynamo.batchPut("t", encoded: large)
        let puts = transport.requests.map { text($0.body).components(separatedBy: "PutRequest").count - 1 }
        #expect(puts == [25, 25, 10, 17, 8])
        #expect(transport.requests.allSatisfy { $0.body.count < 16 * 1_024 * 1_024 })
    }

    @Test func `attributes are found where they stand`() throws {
        let json = Array(#"xx{ "id": {"S":"a\"b"} , "n":{ "N" : "12" },"s":{"SS":["p"]},"t":{"BOOL":true}}"#.utf8)
        let item = EncodedItem(json: json[2...])
        var found: [String: (EncodedItem.Attribute, String)] = [:]
        try item.forEachAttribute { name, attribute in
            found[String(decoding: name, as: UTF8.self)] = (attribute, text(Array(item.json[attribute.value])))
        }
        #expect(found.mapValues(\.1) == ["id": #"{"S":"a\"b"}"#, "n": #"{ "N" : "12" }"#, "s": #"{"SS":["p"]}"#, "t": #"{"BOOL":true}"#])
        let id = try #require(found["id"]?.0)
        #expect(id.type == "S" && id.isEscaped)
        #expect(try item.text(of: id) == "a\"b")
        #expect(try item.text(of: try #require(found["n"]?.0)) == "12")
        #expect(found["n"].flatMap { item.integer(of: $0.0) } == 12)
        #expect(found["t"]?.0.text.isEmpty == true)
    }

    @Test(arguments: ["", "a", "é🚚", "\"", "\\", "\\\\\"", "\n\t\r\u{0}\u{1f}", "{\"a\":\"b\\\"\"}", String(repeating: "\\\"", count: 500)])
    func `a text is read as it was written`(value: String) throws {
        let item = EncodedItem(["a": .s(value)])
        var found: [String] = []
        try item.forEachAttribute { found.append(try item.text(of: $1)) }
        #expect(found == [value])
        var writer = EncodedItemWriter(capacity: 8)
        writer.string("a", value)
        #expect(writer.finish() == item)
    }

    @Test(arguments: [
        ("12", 12), ("0", 0), ("-3", -3), ("1.2E+1", 12), ("120.0", 120), ("9223372036854775807", Int.max), ("9223372036854775808", nil),
        ("1.5", nil), ("", nil), ("x", nil),
    ])
    func `a number is read where it is whole and fits`(text: String, value: Int?) throws {
        let item = EncodedItem(["n": .n(text)])
        try item.forEachAttribute { _, attribute in #expect(item.integer(of: attribute) == value) }
        let other = EncodedItem(["n": .s("12")])
        try other.forEachAttribute { _, attribute in #expect(other.integer(of: attribute) == nil) }
    }

    @Test func `an escape that is none is an error, and never a trap`() throws {
        for text in [#"\x"#, #"\u12"#, #"\u+123"#, #"\u"#] {
            let item = EncodedItem(json: Array(#"{"a":{"S":"\#(text)"}}"#.utf8)[...])
            try item.forEachAttribute { _, attribute in #expect(throws: JSONError.self) { try item.text(of: attribute) } }
        }
    }

    @Test func `a written item is what its dictionary gives`() throws {
        var writer = EncodedItemWriter(capacity: 100)
        writer.string("a", "é\"")
        writer.value("b", Array(#"{"BOOL":true}"#.utf8)[...])
        writer.number("n", -7)
        writer.string("s", escaped: Array(#"a\"b"#.utf8)[...], "@", 12)
        #expect(writer.finish() == EncodedItem(["a": "é\"", "b": true, "n": -7, "s": "a\"b@12"]))
    }
}
