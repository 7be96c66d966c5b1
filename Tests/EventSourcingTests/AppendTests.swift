import EventSourcing
import Foundation
import Testing

@Suite struct AppendTests {
    private func head(owner: String = "r1", handover: Bool = false) -> Head {
        let mark = HandoverMark(id: "h", to: "r2", deadline: Date(timeIntervalSince1970: 0))
        return Head(shard: 3, owner: owner, epoch: 5, totals: .zero, handover: handover ? mark : nil)
    }
    private func occupied(_ put: String, by found: String, of request: String? = "d-1") -> AppendRefusal.Occupied {
        .init(put: EventIdentity(eventId: put, request: "d-1"), found: EventIdentity(eventId: found, request: request))
    }
    private var same: AppendRefusal.Occupied { occupied("e-1", by: "e-1") }
    private var other: AppendRefusal.Occupied { occupied("e-1", by: "e-9") }

    @Test func `our own event there means that an earlier try succeeded, whatever the head says`() {
        for head in [nil, head(), head(owner: "r2"), head(handover: true)] {
            #expect(AppendRefusal(occupied: [same], head: head).outcome(for: "r1") == .appended)
        }
    }

    @Test func `another event there is a conflict, whatever the head says`() {
        for head in [nil, head(), head(owner: "r2"), head(handover: true)] {
            #expect(AppendRefusal(occupied: [other], head: head).outcome(for: "r1") == .conflict)
        }
    }

    @Test(arguments: ["d-2", nil]) func `the event of another request with the same command's id is a conflict`(request: String?) {
        #expect(AppendRefusal(occupied: [occupied("e-1", by: "e-1", of: request)], head: nil).outcome(for: "r1") == .conflict)
    }

    // A first commit of one event can be followed by another's; a later retry of two then meets both.
    @Test func `the first event decides`() {
        let next = occupied("e-2", by: "e-8")
        #expect(AppendRefusal(occupied: [same, next], head: nil).outcome(for: "r1") == .appended)
        #expect(AppendRefusal(occupied: [other, same], head: nil).outcome(for: "r1") == .conflict)
    }

    @Test func `a handover comes before the owner, even where the owner is another`() {
        let sealed = head(owner: "r2", handover: true)
        #expect(AppendRefusal(occupied: [], head: sealed).outcome(for: "r1") == .handingOver(sealed))
    }

    @Test func `another owner means moved`() {
        #expect(AppendRefusal(occupied: [], head: head(owner: "r2")).outcome(for: "r1") == .moved(to: "r2"))
    }

    @Test func `our own head with another epoch or outbox is adopted`() {
        #expect(AppendRefusal(occupied: [], head: head()).outcome(for: "r1") == .stale(head()))
    }

    @Test func `nothing found means that another transaction was in the way`() {
        #expect(AppendRefusal(occupied: [], head: nil).outcome(for: "r1") == .contended)
    }

    @Test func `a head admits its owner while no handover runs`() {
        #expect(head().admits("r1") == nil)
        #expect(head().admits("r2") == .moved(to: "r1"))
        #expect(head(handover: true).admits("r1") == .handingOver(head(handover: true)))
    }

    @Test func `80 events are a commit and 81 are not`() throws {
        let events = (1...81).map { StoredEvent.sample(version: $0) }
        try AppendLimits.check([])
        try AppendLimits.check(Array(events.prefix(80)))
        #expect(throws: CommitTooLarge.self) { try AppendLimits.check(events) }
    }

    @Test func `an event has at most 350,000 bytes and a commit 3,000,000`() throws {
        var event = StoredEvent.sample(data: "")
        event.data = String(repeating: "x", count: 350_000 - event.size)
        try AppendLimits.check([event])
        #expect(throws: CommitTooLarge.self) { try AppendLimits.check(Array(repeating: event, count: 9)) }
        try AppendLimits.check(Array(repeating: event, count: 8))
        event.data += "x"
        #expect(throws: CommitTooLarge.self) { try AppendLimits.check([event]) }
    }
}
