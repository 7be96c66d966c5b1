import EventSourcing
import Testing

/// The rows of the catalogue that carry state along a stream.
@Suite struct StateConversionTests {
    private struct Balance: EventPayload, Hashable {
        static let schema = 2
        var cents: Int
    }

    private struct Seen: Codable, Hashable { var total = 0 }

    private static func amount(_ event: StoredEvent) throws -> Int {
        try Value.parse(event.data)["cents"]?.decode(Int.self) ?? 0
    }

    @Test func `carry state while folding a stream`() throws {
        let conversion = RuleSample([
            .fold(
                Seen(), on: ["Paid"],
                { event, seen in
                    seen.total += try Self.amount(event)
                    var data = try Value.parse(event.data)
                    data["total"] = try Value(encoding: seen.total)
                    return .replace(ConvertedEvent(type: "Paid", schema: 2, data: try StableJSON.encode(data)))
                },
                back: { event, _ in
                    var data = try Value.parse(event.data)
                    data["total"] = nil
                    return .replace(ConvertedEvent(type: "Paid", schema: 1, data: try StableJSON.encode(data)))
                })
        ])
        #expect(
            try conversion.after(#"Paid {"cents":5}"#, "Noted", #"Paid {"cents":7}"#)
                == [#"Paid@2 {"cents":5,"total":5}"#, "Noted", #"Paid@2 {"cents":7,"total":12}"#])
        #expect(try conversion.wayBack(#"Paid {"cents":5}"#, "Noted", #"Paid {"cents":7}"#) == (3, [:]))
    }

    @Test func `the state goes on from where a cursor kept it`() throws {
        let rules: Rules = [
            .fold(Seen()) { event, seen in
                seen.total += 1
                return .replace(ConvertedEvent(type: "N\(seen.total)", schema: 1, data: "{}"))
            }
        ]
        var first = StreamCopy(from: "r1")
        _ = try first.copy(.sample(version: 1), by: rules.forward)
        let kept = try StableJSON.encode(try #require(first.state))
        var second = StreamCopy(from: "r1", sourceVersion: 1, targetVersion: 1, state: try Value.parse(kept))
        #expect(try second.copy(.sample(version: 2), by: rules.forward).map(\.type) == ["N2"])
    }

    @Test func `a copy that is skipped still counts in the state`() throws {
        let rules: Rules = [.moveAttribute("a", from: "A", to: "B")]
        var copy = StreamCopy(from: "r2")
        try copy.skip(.sample(version: 1, type: "A", data: #"{"a":1}"#, from: "r1"), by: rules.forward)
        #expect(try copy.copy(.sample(version: 2, type: "B"), by: rules.forward).map(\.data) == [#"{"a":1}"#])
        #expect(copy.targetVersion == 1)
    }

    private static let bankruptcy: Rules = [
        .summarise(as: Balance(cents: 0)) { balance, event in balance.cents += try amount(event) }
    ]

    @Test func `drop a stream to a summary at the cut`() throws {
        let conversion = RuleSample(Self.bankruptcy)
        let copies = try conversion.copies([#"Paid {"cents":5}"#, #"Paid {"cents":7}"#], closing: true)
        #expect(copies.map(\.line) == [#"Balance@2 {"cents":12}"#])
        #expect(copies.map(\.version) == [1])
        #expect(copies.map(\.source) == ["o-17@2"])
        #expect(copies.map(\.from) == ["r1"])
        #expect(conversion.rules.reverse == nil)
    }

    @Test func `what comes after the cut passes as it is`() throws {
        var copy = StreamCopy(from: "r1")
        var copies: [StoredEvent] = []
        let mapping = Self.bankruptcy.forward
        let event = StoredEvent.sample(data: #"{"cents":5}"#)
        try copy.copy(event, by: mapping, into: &copies)
        try copy.close(after: event, by: mapping, into: &copies)
        try copy.close(after: event, by: mapping, into: &copies)
        try copy.copy(.sample(version: 2), by: mapping, into: &copies)
        #expect(copies.map(\.line) == [#"Balance@2 {"cents":5}"#, "Noted"])
        #expect(copies.map(\.version) == [1, 2])
    }

    @Test func `a stream without events gets no summary`() throws {
        var copy = StreamCopy(from: "r1")
        var copies: [StoredEvent] = []
        try copy.close(after: nil, by: Self.bankruptcy.forward, into: &copies)
        try copy.copy(.sample(), by: Self.bankruptcy.forward, into: &copies)
        #expect(copies.map(\.line) == ["Noted"])
    }

    @Test func `close the books`() throws {
        let conversion = RuleSample([
            .summarise(as: Balance(cents: 0), until: { $0.type == "YearClosed" }) { balance, event in
                balance.cents += try Self.amount(event)
            }
        ])
        #expect(
            try conversion.after(
                #"Paid {"cents":5}"#, #"Paid {"cents":7}"#, "YearClosed", #"Paid {"cents":1}"#, "YearClosed", closing: true)
                == [#"Balance@2 {"cents":12}"#, #"Paid {"cents":1}"#, "YearClosed"])
    }

    @Test func `rules pass on what the ones before them made`() throws {
        let conversion = RuleSample([
            .renameEvent("A", to: "B"), .on("B", [.add("x", 1)]), .splitEvent("B", into: ["C", "D"]) { [$0, [:]] },
            .renameStream(by: { "new-\($0)" }),
        ])
        #expect(try conversion.after("A") == [#"new-o-17: C {"x":1}"#, "new-o-17: D"])
    }

    @Test func `rules are run backwards on the way back`() throws {
        let conversion = RuleSample([.renameEvent("A", to: "B"), .on("B", [.rename("x", to: "y"), .rename("y", to: "z")])])
        #expect(try conversion.wayBack(#"A {"x":1}"#) == (1, [:]))
    }
}
