import AWS
import EventSourcing
import Testing

@testable import EventStore

/// Events that are copied without being decoded must be those that decoding gives.
@Suite struct WireEventTests {
    static let texts = [
        "", "plain", "ß🌍", "\"quoted\" \\ and / and \u{7f}", "\n\t\u{0}\u{1}", "not json {",
        #"{"a":"b\"c","n":[1,2.50,-3e7],"u":"\u00e9"}"#, String(repeating: "\\\"", count: 300), "e\u{301}", "a@7",
    ]

    private static func event(_ text: String, isCopy: Bool) -> StoredEvent {
        var event = StoredEvent(
            aggregateId: "id-\(text)", version: 12, eventId: "e\(text)", type: "T\(text)", schema: 3, data: text, meta: text, at: text,
            epoch: 4, origin: "r0\(text)")
        if isCopy { (event.from, event.source) = ("r0", "x\(text)@1") }
        return event
    }

    @Test(arguments: texts, [false, true])
    func `an event is written as its item`(text: String, isCopy: Bool) {
        let event = Self.event(text, isCopy: isCopy)
        #expect(event.encoded == EncodedItem(event.item))
    }

    @Test(arguments: texts, [false, true])
    func `a copy and its digest are those of the decoded event`(text: String, isCopy: Bool) throws {
        let event = Self.event(text, isCopy: isCopy)
        // Attributes that aren't ours are left behind, as by decoding.
        let item = event.item.merging(["other": .m(["x\"": .l([.s("}")])])]) { old, _ in old }
        let wire = try WireEvent(EncodedItem(item))
        #expect(try wire.decoded() == event)
        #expect(wire.aggregateId == event.aggregateId && wire.version == 12 && wire.epoch == 4)
        var expected = event
        (expected.version, expected.epoch, expected.from, expected.source) = (9, 0, "r1", event.position)
        let copy = wire.copy(version: 9, from: "r1")
        #expect(copy == expected.encoded)
        #expect(try StoredEvent(item: copy.decoded()) == expected)
        var scratch: [UInt8] = [1, 2, 3]
        #expect(try wire.digest(version: 9, &scratch) == Totals.digest(of: expected))
    }

    @Test func `texts that the wire escapes in another way are carried over, and count as what they say`() throws {
        let json = #"""
            {"version":{"N":"1.0"},"aggregateId":{"S":"\u00df\/\ud83c\udf0d"}, "eventId" : { "S" : "e" },"type":{"S":"T"},"schema":{"N":"1"},
             "data":{"S":"{\"a\":\"\u00e9\"}"},"meta":{"S":"{}"},"at":{"S":"now"},"epoch":{"N":"0"},"origin":{"S":"r1"}}
            """#
        let wire = try WireEvent(EncodedItem(json: Array(json.utf8)[...]))
        let event = try wire.decoded()
        #expect(event.aggregateId == "ß/🌍" && event.data == #"{"a":"é"}"# && event.version == 1)
        let copy = try StoredEvent(item: wire.copy(version: 1, from: "r1").decoded())
        #expect(copy.source == "ß/🌍@1" && copy.data == event.data)
        var scratch: [UInt8] = []
        #expect(try wire.digest(version: 1, &scratch) == Totals.digest(of: copy))
    }

    @Test func `an attribute whose name is escaped is found`() throws {
        let event = Self.event("x", isCopy: false)
        let json = String(decoding: event.encoded.json, as: UTF8.self).replacing("\"data\"", with: #""\u0064ata""#)
        #expect(try WireEvent(EncodedItem(json: Array(json.utf8)[...])).decoded() == event)
    }

    @Test func `what is no event is named as decoding names it`() throws {
        let good = Self.event("x", isCopy: false).item
        var odd: [Item] = good.keys.map { name in good.filter { $0.key != name } }
        odd += [
            good.merging(["version": .s("12")]) { $1 }, good.merging(["data": .m([:])]) { $1 }, good.merging(["epoch": .n("1.5")]) { $1 },
            good.merging(["schema": .null]) { $1 }, [:],
        ]
        for item in odd {
            let wanted = #expect(throws: OddItem.self) { try StoredEvent(item: item) }
            let found = #expect(throws: OddItem.self) { try WireEvent(EncodedItem(item)) }
            #expect(found?.description == wanted?.description)
        }
    }
}
