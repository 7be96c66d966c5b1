import EventSourcing
import Foundation
import Testing

@Suite struct AmountTests {
    @Test(arguments: [
        ("0", "0.00"), ("20", "20.00"), ("19.9", "19.90"), ("19.90", "19.90"), ("0.125", "0.125"), ("0.0001", "0.0001"),
        ("007", "7.00"), ("1.5000", "1.50"), ("999999999999.9999", "999999999999.9999"),
    ])
    func `an amount is written with at least two digits after the point`(text: String, written: String) throws {
        #expect(try #require(Amount(text)).text == written)
    }

    @Test(arguments: [
        "", "-1", "+1", "1.", ".5", "1,5", "1e3", "1 ", " 1", "1.00000", "1234567890123", "nan", "Infinity", "٣", "0x10", "1.5.5", "1\n",
    ])
    func `what is no amount is refused`(text: String) {
        #expect(Amount(text) == nil)
    }

    @Test func `tenths add up exactly`() throws {
        let tenth = try #require(Amount("0.1"))
        let sum = (0..<1000).reduce(Amount.zero) { sum, _ in sum + tenth }
        #expect(sum.text == "100.00")
        #expect(tenth * 3 == Amount("0.30"))
        #expect((sum - tenth * 1001).text == "-0.10")
        #expect(Amount.zero < tenth)
    }

    @Test func `an amount is JSON text and equal however it is written`() throws {
        let amount = try #require(Amount("19.9"))
        #expect(try StableJSON.encode([amount]) == #"["19.90"]"#)
        #expect(
            try JSONDecoder().decode([Amount].self, from: Data(#"["19.90","19.9000","-3"]"#.utf8)) == [amount, amount, Amount(value: -3)])
        #expect(Set([amount, try #require(Amount("19.9000"))]).count == 1)
    }

    @Test(arguments: [#"["12 apples"]"#, #"["1e3"]"#, #"[""]"#, "[19.9]", #"["nan"]"#])
    func `JSON that is no amount is an error`(json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Amount].self, from: Data(json.utf8)) }
    }
}
