import EventSourcing
import Foundation
import Testing

@testable import PermitsFunctions

@Suite struct CasesTests {
    private func event(_ version: Int, _ activity: String, at: String, data: String = "{}") -> StoredEvent {
        StoredEvent(
            aggregateId: "case-1", version: version, eventId: "e-\(version)", type: activity, data: data, at: at,
            origin: StoredEvent.importOrigin)
    }

    private func document(_ events: [StoredEvent]) throws -> Cases.Document? {
        try events.reduce(into: nil) { try Cases.apply($1, to: &$0, id: "case-1") }
    }

    @Test func `a case counts its activities and its time`() throws {
        let document = try document([
            event(
                1, "Confirmation of receipt", at: "2011-10-11T11:45:40.276000Z",
                data: #"{"case:channel":"Internet","case:department":"General","org:group":"Group 1"}"#),
            event(2, "T02 Check", at: "2011-10-12T06:26:25.398000Z", data: #"{"case:channel":"","case:department":"Customer contact"}"#),
            event(3, "T02 Check", at: "2011-10-12T06:26:25.398001Z"),
        ])
        #expect(
            document
                == Cases.Document(
                    caseId: "case-1", department: "Customer contact", channel: "Internet", currentActivity: "T02 Check", activities: 3,
                    activityCounts: ["Confirmation of receipt": 1, "T02 Check": 2], startedAt: "2011-10-11T11:45:40.276000Z",
                    lastAt: "2011-10-12T06:26:25.398001Z", elapsedSeconds: try #require(Decimal(string: "67245.122001"))))
    }

    @Test func `the fields are stored as they are served, through the erased projection too`() throws {
        let cases = AnyProjection(Cases.self)
        let first = try cases.apply(
            event(1, "A", at: "2011-10-11T11:45:40.100000Z", data: #"{"case:department":"General"}"#), nil, "case-1")
        let second = try cases.apply(event(2, "B", at: "2011-10-11T11:45:40.400000Z"), first, "case-1")
        #expect(
            try StableJSON.encode(Value.object(second ?? [:])) == """
                {"activities":2,"activityCounts":{"A":1,"B":1},"caseId":"case-1","currentActivity":"B","department":"General",\
                "elapsedSeconds":0.3,"lastAt":"2011-10-11T11:45:40.400000Z","startedAt":"2011-10-11T11:45:40.100000Z"}
                """)
    }

    @Test func `times that go backwards give a negative elapsed time`() throws {
        let document = try document([event(1, "A", at: "2011-10-11T00:00:01Z"), event(2, "B", at: "2011-10-11T01:00:00.500000+01:00")])
        #expect(document?.elapsedSeconds == Decimal(string: "-0.5"))
    }

    @Test(arguments: [("no JSON", "2011-10-11T00:00:00Z"), ("[]", "2011-10-11T00:00:00Z"), ("{}", "yesterday")])
    func `data or a time that can't be read is an error with its position`(data: String, at: String) {
        let error = #expect(throws: UnreadableEvent.self) { try document([event(1, "A", at: at, data: data)]) }
        #expect(error?.position == "case-1@1")
    }

    @Test func `a document's id is its stream's`() {
        #expect(Cases.documentIDs(for: event(1, "A", at: "")) == ["case-1"])
    }
}
