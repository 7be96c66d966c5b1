import Foundation
import Testing

@testable import EventSourcing

/// The direct way between a value and its text must not be told from that of `JSONDecoder` and `JSONEncoder`.
@Suite struct ValueTextTests {
    private func decoded(_ text: String) throws -> Value { try JSONDecoder().decode(Value.self, from: Data(text.utf8)) }

    private func encoded(_ value: Value) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    @Test(arguments: [
        "{}", "[]", "null", "true", "false", "0", "-1", "12345678901234567", "123456789012345678901", "1.50", "-0", "1e3", "\"\"",
        #"{"a":{"b":[1,null,"x\"\\\/\n\r\t\b\f",true]},"ß🌍":false}"#, " {\n\t\"a\" : [ 1 , 2 ] }\r\n ", #""\u00e9\ud83c\udf0d""#,
        #"{"a":1,"b":{"a":1}}"#, "[1,]", #"{"a":1,}"#, "[[[[[1]]]]]", "\"e\u{301}\"", "\"\u{7f}\u{2028}\"",
    ])
    func `JSON is read as the decoder reads it`(text: String) throws {
        #expect(try Value.parse(text) == decoded(text))
    }

    @Test(arguments: [
        "", " ", "{", "}", "{\"a\"}", "{\"a\":}", "{a:1}", "\"a", "\"\u{1}\"", "\"\\x\"", "\"\\u12\"", "01", "-",
        "+1", ".5",
        "1.", "tru", "nulll", "1 2", "[1 2]", "{\"a\" 1}", "nan", "\0",
    ])
    func `what the decoder refuses is refused`(text: String) {
        #expect(throws: (any Error).self) { try decoded(text) }
        #expect(throws: (any Error).self) { try Value.parse(text) }
    }

    @Test func `deep nesting and doubled fields are the decoder's affair`() throws {
        let deep = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
        #expect(try Value.parse(deep) == decoded(deep))
        let deeper = String(repeating: "[", count: 100_000)
        #expect(throws: (any Error).self) { try Value.parse(deeper) }
        let doubled = #"{"a":1,"a":2}"#
        #expect(ValueReader.value(of: doubled) == nil)
    }

    @Test func `random values are written as the encoder writes them, and read back`() throws {
        var random = Generator(state: 7)
        for _ in 0..<2_000 {
            let value = random.value(depth: 4)
            let text = try StableJSON.encode(value)
            #expect(try text == encoded(value))
            #expect(try Value.parse(text) == value)
            #expect(try decoded(text) == value)
        }
    }

    @Test func `a number that is none is an error`() {
        #expect(throws: EncodingError.self) { try StableJSON.encode(Value.list([.number(.nan)])) }
    }

    /// Values of all kinds, with texts that are awkward to write.
    private struct Generator {
        var state: UInt64

        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }

        mutating func text() -> String {
            let pieces = [
                "a", "B", "_", "10", "9", "ß", "é", "e\u{301}", "🌍", "\"", "\\", "/", "\n", "\u{0}", "\u{1f}", "\u{7f}", "\u{8}", " ",
            ]
            return (0..<next(5)).map { _ in pieces[next(pieces.count)] }.joined()
        }

        mutating func value(depth: Int) -> Value {
            switch next(depth > 0 ? 8 : 6) {
            case 0: return .null
            case 1: return .bool(next(2) == 0)
            case 2: return .number(Decimal(next(1_000_000) - 500_000))
            case 3: return .number(Decimal(next(1_000_000)) / 1_000)
            case 4, 5: return .string(text())
            case 6: return .list((0..<next(4)).map { _ in value(depth: depth - 1) })
            default:
                return .object(Dictionary((0..<next(6)).map { _ in (text(), value(depth: depth - 1)) }) { first, _ in first })
            }
        }
    }
}
