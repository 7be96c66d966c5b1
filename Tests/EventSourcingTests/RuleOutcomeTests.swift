import Testing

@testable import EventSourcing

private struct Placed: EventPayload { var total: Int }

private struct Submitted: EventPayload {
    static let schema = 2
    var total: Int
}

private enum ByHand: Transform {
    static func forward(_ event: StoredEvent) -> Conversion { .keep }
}

/// What rules say of their results, for who compares two releases without seeing an event.
@Suite struct RuleOutcomeTests {
    private func outcome(_ type: String?, _ schema: Int? = nil, _ parts: RuleOutcome.Part...) -> RuleOutcome {
        RuleOutcome(type: type, schema: schema, parts: parts)
    }

    private func part(_ type: String, _ schema: Int? = nil, keepsData: Bool = false) -> RuleOutcome.Part {
        RuleOutcome.Part(type: type, schema: schema, keepsData: keepsData)
    }

    private func untold(_ type: String?) -> RuleOutcome { RuleOutcome(type: type, schema: nil, parts: nil) }

    @Test func `a rule that moves events changes no type's content`() {
        let rules: Rules = [
            .renameStream(by: { "s-\($0)" }, back: { String($0.dropFirst(2)) }), .splitStream(by: { $0.type }),
            .mergeStreams(by: { $0.type }), .moveEvents(["A"], to: { $0.type }), .deleteStream(where: { $0.isEmpty }),
        ]
        #expect(rules.forward.outcomes == [[], [], [], [], []])
    }

    @Test func `a rule that renames says what comes of which schema, and back`() {
        let rules: Rules = [
            .renameEvent("A", to: "B"), .upcast("B", from: 1, to: 2, [.rename("x", to: "y")]), .on("C", [.add("x", 1)]),
            .on("D", become: "E", newSchema: 3), .convert(Placed.self, to: Submitted.self, by: { Submitted(total: $0.total) }),
        ]
        let forward: [[RuleOutcome]] = [
            [outcome("A", nil, part("B", keepsData: true))], [outcome("B", 1, part("B", 2))], [outcome("C", nil, part("C"))],
            [outcome("D", nil, part("E", 3, keepsData: true))], [outcome("Placed", 1, part("Submitted", 2))],
        ]
        #expect(rules.forward.outcomes == forward)
        let back: [[RuleOutcome]] = [
            [outcome("E", 3, part("D", 1, keepsData: true))], [outcome("B", nil, part("A", keepsData: true))],
        ]
        #expect(Rules([.renameEvent("A", to: "B"), .on("D", become: "E", newSchema: 3)]).reverse?.outcomes == back)
    }

    @Test func `a rule that adds, drops, splits or merges says so of each type`() {
        let rules: Rules = [
            .addEvent("Added", schema: 2, after: "A", data: { $0 }), .deleteEvent("B"),
            .splitEvent("C", into: ["D", "E"], by: { [$0, $0] }), .mergeEvents(["F", "G"], into: "H", by: { $0[0] }),
        ]
        let forward: [[RuleOutcome]] = [
            [outcome("A", nil, part("A", keepsData: true), part("Added", 2))], [outcome("B")],
            [outcome("C", nil, part("D", 1), part("E", 1))], [outcome("F"), outcome("G", nil, part("H", 1))],
        ]
        #expect(rules.forward.outcomes == forward)
    }

    @Test func `an attribute that is copied changes the later type alone, one that is moved both`() {
        let rules: Rules = [.copyAttribute("x", from: "I", to: "J"), .moveAttribute("x", from: "I", to: "J")]
        let (first, later) = (outcome("I", nil, part("I")), outcome("J", nil, part("J")))
        #expect(rules.forward.outcomes == [[later], [first, later]])
    }

    @Test func `what a function decides can't be told, for the types that it sees`() {
        let rules: Rules = [
            .fold(0, on: ["B", "A"], { _, _ in .keep }), .fold(0, { _, _ in .keep }), .summarise(as: Placed(total: 0)) { _, _ in },
        ]
        #expect(rules.forward.outcomes == [[untold("A"), untold("B")], [untold(nil)], [untold(nil)]])
        #expect(AnyTransform(ByHand.self).forward.outcomes == [[untold(nil)]])
        #expect(AnyTransform.identity.forward.outcomes == [])
    }

    @Test func `a rule for reading says whether a newer event passes it backwards`() {
        let rules: Rules = [
            .upcast("A", from: 1, to: 2, [.rename("x", to: "y")]), .upcast("A", from: 2, to: 3, [.delete("y")]),
            .on("A", [.add("z", 1)]),
        ]
        #expect(rules.casts.map(\.isReversible) == [true, false])
    }
}
