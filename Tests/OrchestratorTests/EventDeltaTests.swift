import EventStore
import Testing

@testable import Orchestrator

@Suite struct EventDeltaTests {
    private typealias Event = EventComparisonOrder.Event

    private func event(_ stream: String, _ version: Int, of source: String, id: String? = nil, digest: String = "d") -> Event {
        Event(stream: stream, version: version, source: source, eventId: id ?? "id-\(source)", type: "Happened", digest: digest)
    }

    @Test func `equal sides in any order have no difference`() {
        let events = (1...40).map { event("s", $0, of: "s@\($0)", digest: "\($0)") }
        #expect(EventDelta.find(expected: events.shuffled(), candidate: events.shuffled()).isEmpty)
        #expect(EventDelta.find(expected: [], candidate: []).isEmpty)
    }

    @Test func `where arrival decides versions, they are no difference, but an event that is there twice is one`() {
        let expected = [event("m", 0, of: "a@1"), event("m", 0, of: "b@1")]
        let candidate = [event("m", 1, of: "b@1"), event("m", 2, of: "a@1"), event("m", 3, of: "a@1")]
        let deltas = EventDelta.find(expected: expected, candidate: candidate)
        #expect(deltas.count == 1 && deltas.first?.expected == nil && deltas.first?.source == "a@1")
    }

    @Test func `an event with other content is paired with its own, and can be asked for`() {
        let deltas = EventDelta.find(
            expected: [event("m", 0, of: "a@1", digest: "x"), event("m", 0, of: "a@2")],
            candidate: [event("m", 2, of: "a@2"), event("m", 1, of: "a@1", digest: "y")])
        #expect(deltas.count == 1)
        #expect(deltas.first?.version == 1 && deltas.first?.pair?.candidate.digest == "y")
    }

    @Test func `an event in another one's place is one difference, not two`() {
        let deltas = EventDelta.find(expected: [event("s", 2, of: "s@2")], candidate: [event("s", 2, of: "", id: "")])
        #expect(deltas.count == 1)
        #expect(deltas.first?.version == 2 && deltas.first?.source == "s@2" && deltas.first?.pair == nil)
    }

    @Test func `a missing event whose place arrival decides has no version`() {
        let deltas = EventDelta.find(expected: [event("m", 0, of: "a@7")], candidate: [])
        #expect(deltas.map(\.version) == [0] && deltas.map(\.source) == ["a@7"])
    }
}
