import Foundation
import Testing

@testable import Orchestrator

struct HistoryObjectsTests {
    private static let day = "2024-05-01T00:00:00.000000Z"

    private func lines(_ text: String) throws -> [HistoryLine] { try HistoryFixture(text, name: "log.jsonl").lines() }

    @Test func `a line is an event, and its other fields stay what they are`() throws {
        let text =
            #"{"when":"2024-05-01","n":1.50,"case":"o-1","big":12345678901234567890123,"what":"A","list":[true,null,{"b":1,"a":"/é\u00e9"}]}"#
        #expect(
            try lines(text) == [
                .event(1, "o-1", "A", Self.day, #"{"big":12345678901234567890123,"list":[true,null,{"a":"/éé","b":1}],"n":1.50}"#)
            ])
    }

    @Test func `white space, empty lines and a byte order mark change nothing`() throws {
        let text =
            "\u{FEFF}\n  \r\n { \"case\" : \"o\" , \"what\":\"A\",\"when\":\"2024-05-01\" } \r\n\t\n{\"case\":\"p\",\"what\":\"B\",\"when\":\"2024-05-01\"}"
        #expect(try lines(text) == [.event(3, "o", "A", Self.day, "{}"), .event(5, "p", "B", Self.day, "{}")])
    }

    @Test func `a whole number can be an aggregate's id`() throws {
        let text = #"{"case":17,"what":"A","when":"2024-05-01"}"# + "\n" + #"{"case":17.0,"what":"A","when":"2024-05-01"}"#
        #expect(try lines(text) == [.event(1, "17", "A", Self.day, "{}"), .refused(line: 2, reason: "its 'case' is no text")])
    }

    @Test(arguments: [
        (#"{"case":"o","what":"A"}"#, "it has no field 'when'"),
        (#"{"case":"o","what":null,"when":"2024-05-01"}"#, "its 'what' is no text"),
        (#"{"case":"o","what":"A","when":1714564800}"#, "its 'when' is no text"),
        (#"{"case":"","what":"A","when":"2024-05-01"}"#, "its 'case', which names the aggregate, is empty"),
        (#"["case"]"#, "it is no JSON object"), (#""text""#, "it is no JSON object"),
        (#"{"case":"o","what":"A","when":"2024-05-01","x":1,"x":2}"#, "an object in it has a field twice"),
        (#"{"case":"o","what":"A","when":"2024-05-01","x":{"y:\"":1,"y:\"":2}}"#, "an object in it has a field twice"),
        (#"{"case":"o","what":"A","when":"2024-05-01","x":01}"#, "it is no JSON: '01' is no number"),
        (#"{"case":"o","what":"A","when":"2024-05-01","x":[1.]}"#, "it is no JSON: '1.' is no number"),
        (#"{"case":"o","what":"A","when":"2024-05-01","x":-}"#, "it is no JSON: no value at byte 47 of the JSON"),
        (#"{"case":"o","what":"A","when":"2024-05-01"} {}"#, "it is no JSON: something follows the value at byte 44 of the JSON"),
        (#"{"case":"o","what":"A","when":"2024-05-01""#, "it is no JSON: the end, where a value should be at byte 42 of the JSON"),
    ])
    func `a line that is no event is refused, and the next one is read`(line: String, reason: String) throws {
        let good = #"{"case":"o","what":"A","when":"2024-05-01"}"#
        #expect(
            try lines([line, good].joined(separator: "\n")) == [.refused(line: 1, reason: reason), .event(2, "o", "A", Self.day, "{}")])
    }

    @Test func `colons in strings are no fields`() throws {
        let text = #"{"case":"a:b","what":"A","when":"2024-05-01","x:\\":"\":","y":[":"]}"#
        #expect(try lines(text) == [.event(1, "a:b", "A", Self.day, #"{"x:\\":"\":","y":[":"]}"#)])
    }

    @Test func `bytes that are no UTF-8 refuse their line`() throws {
        let good = Array((#"{"case":"o","what":"A","when":"2024-05-01"}"# + "\n").utf8)
        let bytes = good + Array(#"{"case":""#.utf8) + [0xED, 0xA0, 0x80] + Array("\"}\n".utf8) + good
        #expect(
            try HistoryFixture(bytes: bytes, name: "log.ndjson").lines() == [
                .event(1, "o", "A", Self.day, "{}"), .refused(line: 2, reason: "it is not UTF-8"), .event(3, "o", "A", Self.day, "{}"),
            ])
    }

    @Test func `a line that is far too long is passed over, and so is deep nesting`() throws {
        let good = #"{"case":"o","what":"A","when":"2024-05-01"}"#
        let long = #"{"x":""# + String(repeating: "x", count: 6_000_000) + "\"}"
        let deep = #"{"x":"# + String(repeating: "[", count: 100_000)
        let read = try lines([good, long, deep, good].joined(separator: "\n"))
        #expect(read.count == 4)
        #expect(read[1] == .refused(line: 2, reason: "it is longer than 4194304 bytes"))
        #expect(read[2] == .refused(line: 3, reason: "it is no JSON: more than 200 levels at byte 205 of the JSON"))
        #expect(read[3] == .event(4, "o", "A", Self.day, "{}"))
    }

    @Test func `an event that is too large is refused`() throws {
        let text = #"{"case":"o","what":"A","when":"2024-05-01","x":""# + String(repeating: "x", count: 400_000) + "\"}"
        #expect(try lines(text) == [.refused(line: 1, reason: "as an event it has 400266 bytes; an event may have 350000")])
    }
}
