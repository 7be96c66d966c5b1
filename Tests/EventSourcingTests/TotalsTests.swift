import EventSourcing
import Foundation
import Testing

@Suite struct TotalsTests {
    private let placed = StoredEvent.sample(version: 1, id: "e-1", type: "OrderPlaced", data: #"{"total":"20.00"}"#)
    private let paid = StoredEvent.sample(version: 2, id: "e-2", type: "OrderPaid", data: #"{"amount":"20.00"}"#)

    // Expected values by hashlib.sha256(b"o-17\0" b"1\0" b"e-1\0" b"OrderPlaced\0" b"r1\0" b'{"total":"20.00"}').
    @Test func `an event's digest is that of its literal bytes`() {
        #expect(Totals.digest(of: placed) == 2_799_313_389_211_365_916)
        #expect(Totals.digest(of: paid) == 12_115_743_958_836_256_180)
    }

    @Test func `a sum of digests is the same in any order`() {
        let expected = Totals(events: 2, digest: 14_915_057_348_047_622_096)
        #expect(Totals(of: [placed, paid]) == expected)
        #expect(Totals(of: [paid, placed]) == expected)
        #expect(Totals(of: [placed]) + Totals(of: [paid]) == expected)
    }

    // The twelve digests o-0 … o-11 add up to more than 64 bits hold.
    @Test func `a sum of digests grows beyond 64 bits`() {
        let events = (0..<12).map { StoredEvent.sample("o-\($0)", version: $0, id: "e", type: "T") }
        #expect(Totals(of: events) == Totals(events: 12, digest: 98_546_035_269_939_950_914))
    }

    @Test func `what a copy changes by itself leaves the digest alone`() {
        var copy = placed
        (copy.epoch, copy.from, copy.source, copy.at, copy.meta, copy.schema) = (0, "r1", "o-17@1", "", "{}", 9)
        #expect(Totals.digest(of: copy) == Totals.digest(of: placed))
    }

    @Test func `each part that the digest covers changes it`() {
        let changes: [WritableKeyPath<StoredEvent, String>] = [\.aggregateId, \.eventId, \.type, \.origin, \.data]
        for path in changes {
            var other = placed
            other[keyPath: path] += "x"
            #expect(Totals.digest(of: other) != Totals.digest(of: placed))
        }
        var later = placed
        later.version = 2
        #expect(Totals.digest(of: later) != Totals.digest(of: placed))
    }

    @Test func `text that moves from one part to the next changes the digest`() {
        let one = StoredEvent.sample(id: "ab", type: "c")
        let other = StoredEvent.sample(id: "a", type: "bc")
        #expect(Totals.digest(of: one) != Totals.digest(of: other))
    }

    @Test func `texts that look the same but have other bytes have other digests`() {
        #expect(Totals.digest(of: .sample(data: "\"\u{E9}\"")) != Totals.digest(of: .sample(data: "\"e\u{301}\"")))
    }

    @Test func `totals keep 128 bits in JSON`() throws {
        let totals = Totals(events: 7, digest: UInt128(UInt64.max) * 1000)
        let text = try StableJSON.encode(totals)
        #expect(text == #"{"digest":"18446744073709551615000","events":7}"#)
        #expect(try JSONDecoder().decode(Totals.self, from: Data(text.utf8)) == totals)
    }

    @Test(arguments: [#"{"digest":"-1","events":1}"#, #"{"digest":"","events":1}"#, #"{"digest":12,"events":1}"#, #"{"events":1}"#])
    func `a digest that is none is an error`(text: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Totals.self, from: Data(text.utf8)) }
    }
}
