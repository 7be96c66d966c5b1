import Foundation
import Testing

@testable import Orchestrator

struct HistoryCSVTests {
    private static let noon = "2024-05-01T12:00:00.000000Z"

    @Test func `a record is an event, and its other columns are the data`() throws {
        let lines = try HistoryFixture("when,case,b,what,a\n2024-05-01 14:00:00+02:00,o-1,x,Placed,\n").lines()
        #expect(lines == [.event(2, "o-1", "Placed", Self.noon, #"{"a":"","b":"x"}"#)])
    }

    @Test(arguments: [
        "case,what,when\no-1,Placed,2024-05-01T12:00:00Z\n", "case,what,when\r\no-1,Placed,2024-05-01T12:00:00Z\r\n",
        "case,what,when\no-1,Placed,2024-05-01T12:00:00Z", "case,what,when\r\no-1,Placed,2024-05-01T12:00:00Z\r",
        "\u{FEFF}case,what,when\no-1,Placed,2024-05-01T12:00:00Z",
        "\"case\",\"what\",\"when\"\n\"o-1\",\"Placed\",\"2024-05-01T12:00:00Z\"",
        "case,what,when\r\n\"o-1\",Placed,\"2024-05-01T12:00:00Z\"\r\n",
    ])
    func `line ends, a byte order mark and quotes change nothing`(text: String) throws {
        #expect(try HistoryFixture(text).lines() == [.event(2, "o-1", "Placed", Self.noon, "{}")])
    }

    @Test func `empty lines are passed over and counted`() throws {
        let lines = try HistoryFixture("\n\r\ncase,what,when\n\n\r\no-1,A,2024-05-01\n\n\no-2,B,2024-05-01\r\n\r\n").lines()
        #expect(
            lines == [
                .event(6, "o-1", "A", "2024-05-01T00:00:00.000000Z", "{}"), .event(9, "o-2", "B", "2024-05-01T00:00:00.000000Z", "{}"),
            ])
    }

    @Test func `a quoted field holds line ends, commas and quotes, and lines are counted through it`() throws {
        let text = "case,what,when,text\no-1,A,2024-05-01,\"one\r\ntwo, \"\"three\"\"\n\n\"\no-2,B,2024-05-01,\"\"\"\"\n"
        let day = "2024-05-01T00:00:00.000000Z"
        #expect(
            try HistoryFixture(text).lines() == [
                .event(2, "o-1", "A", day, #"{"text":"one\r\ntwo, \"three\"\n\n"}"#), .event(6, "o-2", "B", day, #"{"text":"\""}"#),
            ])
    }

    @Test(arguments: [
        ("o-1,A", "2: it has 2 fields; the header has 3"), ("o-1,A,2024-05-01,", "2: it has 4 fields; the header has 3"),
        (" ", "2: it has 1 fields; the header has 3"), (",A,2024-05-01", "2: its 'case', which names the aggregate, is empty"),
        ("\u{3000} ,A,2024-05-01", "2: its 'case', which names the aggregate, is empty"),
        ("o-1,\"\",2024-05-01", "2: its 'what', which names the event's type, is empty"),
        ("o-1,A,yesterday", "2: its 'when' is no time: 'yesterday' (RFC 3339 is meant, e.g. 2024-05-01T12:00:00Z)"),
        ("o-1,A,", "2: its 'when' is no time: '' (RFC 3339 is meant, e.g. 2024-05-01T12:00:00Z)"),
        ("o-1,A,2023-02-29", "2: its 'when' is no time: '2023-02-29' (RFC 3339 is meant, e.g. 2024-05-01T12:00:00Z)"),
        (
            "o-1,A,9999-12-31T23:00:00-05:00",
            "2: its 'when' is no time: '9999-12-31T23:00:00-05:00' (RFC 3339 is meant, e.g. 2024-05-01T12:00:00Z)"
        ),
        (
            "o-1,A,0000-01-01T00:00:00+05:00",
            "2: its 'when' is no time: '0000-01-01T00:00:00+05:00' (RFC 3339 is meant, e.g. 2024-05-01T12:00:00Z)"
        ),
        ("\"o-1\"x,A,2024-05-01", "2: something follows a closing quote"),
        ("o\"1,A,2024-05-01", "2: a quote stands inside of a field that doesn't begin with one"),
        ("o-1,A\r,2024-05-01", "2: a carriage return stands without a line feed"),
        ("\ro-1,A,2024-05-01", "2: a carriage return stands without a line feed"),
        ("o-1,\"A,2024-05-01", "2: a quote that opens on line 2 is never closed"),
        ("o-1,\"A,2024-05-01\no-2,B,2024-05-01\n", "2: a quote that opens on line 2 is never closed; the lines up to 4 are inside of it"),
    ])
    func `a record that is no event is refused by its line`(record: String, refusal: String) throws {
        #expect(try HistoryFixture("case,what,when\n" + record).refusal() == refusal)
    }

    @Test func `after a refused record the next one is read`() throws {
        let text = "case,what,when\n\"o\n1\"x,\"A\",2024-05-01\no-2,B,2024-05-01\no\"3,\n\no-4,C,2024-05-01"
        let day = "2024-05-01T00:00:00.000000Z"
        #expect(
            try HistoryFixture(text).lines() == [
                .refused(line: 2, reason: "something follows a closing quote"), .event(4, "o-2", "B", day, "{}"),
                .refused(line: 5, reason: "a quote stands inside of a field that doesn't begin with one"), .event(7, "o-4", "C", day, "{}"),
            ])
    }

    @Test func `bytes that are no UTF-8 refuse their record`() throws {
        let bytes = Array("case,what,when,x\no-1,A,2024-05-01,".utf8) + [0xC3, 0x28] + Array("\no-2,B,2024-05-01,é\n".utf8)
        #expect(
            try HistoryFixture(bytes: bytes).lines() == [
                .refused(line: 2, reason: "its 'x' is not UTF-8"), .event(3, "o-2", "B", "2024-05-01T00:00:00.000000Z", #"{"x":"é"}"#),
            ])
    }

    @Test func `an aggregate's id may have 512 bytes`() throws {
        let allowed = String(repeating: "é", count: 256)
        let text = "case,what,when\n\(allowed),A,2024-05-01\n\(allowed)x,A,2024-05-01\n"
        #expect(
            try HistoryFixture(text).lines() == [
                .event(2, allowed, "A", "2024-05-01T00:00:00.000000Z", "{}"),
                .refused(line: 3, reason: "its 'case' has 513 bytes, at most 512 are allowed"),
            ])
    }

    @Test func `an event may have 350,000 bytes as it is stored, and a larger one doesn't stop the rest`() throws {
        func record(_ count: Int) -> String { "o,A,2024-05-01,\(String(repeating: "x", count: count))\n" }
        let spent = 256 + 1 + 1 + #"{"x":""}"#.utf8.count
        let text = "case,what,when,x\n" + record(350_000 - spent) + record(350_001 - spent) + record(5_000_000) + record(0)
        let lines = try HistoryFixture(text).lines()
        #expect(lines.count == 4)
        guard case .event(let event) = lines[0] else {
            Issue.record("\(lines[0])")
            return
        }
        var numbering = HistoryNumbering(fileDigest: String(repeating: "f", count: 64))
        let stored = numbering.number(event)
        #expect(stored.size <= event.size && event.size == 350_000)
        #expect(lines[1] == .refused(line: 3, reason: "as an event it has 350001 bytes; an event may have 350000"))
        #expect(lines[2] == .refused(line: 4, reason: "it is larger than 1048576 bytes"))
        #expect(lines[3] == .event(5, "o", "A", "2024-05-01T00:00:00.000000Z", #"{"x":""}"#))
    }

    @Test func `a field that ends where a block ends is whole`() throws {
        for size in [262_140, 262_141, 262_142, 262_143, 262_144, 262_145] {
            let header = "case,what,when,x\no,A,2024-05-01,\""
            let filler = String(repeating: "x", count: size - header.utf8.count)
            let lines = try HistoryFixture(header + filler + "\"\"\r\n\"\r\np,B,2024-05-01,\n").lines()
            #expect(
                lines == [
                    .event(2, "o", "A", "2024-05-01T00:00:00.000000Z", #"{"x":"\#(filler)\"\r\n"}"#),
                    .event(4, "p", "B", "2024-05-01T00:00:00.000000Z", #"{"x":""}"#),
                ])
        }
    }
}
