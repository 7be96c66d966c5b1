import EventSourcing
import Testing

@testable import PermitsV2Functions

@Suite struct ByDepartmentTests {
    private func event(_ version: Int, _ type: String, _ data: Value) throws -> StoredEvent {
        StoredEvent(
            aggregateId: "case/7", version: version, eventId: "e\(version)", type: type, data: try StableJSON.encode(data),
            at: "2011-10-11T11:45:4\(version).000000Z", origin: "import")
    }

    private func stream() throws -> [StoredEvent] {
        [
            try event(1, "Confirmation of receipt", ["case:deadline": "2011-12-06", "org:group": "Group 1"]),
            try event(2, "T07-3 Draft intern advice hold for aspect 3", ["case:deadline": "2011-12-06", "org:group": "Group 4"]),
            try event(3, "T18 Adjust report Y to stop indicition", ["case:deadline": "2011-12-06", "org:group": "Group 4"]),
            try event(4, "T06 Determine necessity of stop advice", ["org:group": "Group 4"]),
            try event(5, "T06 Determine necessity of stop advice", ["case:deadline": "2012-01-01", "org:group": "Group 4"]),
            try event(6, "Something new", ["case:deadline": "2012-01-01", "org:group": "odd/name"]),
            try event(7, "Something new", ["org:group": ""]),
            try event(8, "Something new", [:]),
        ]
    }

    @Test func `each department gets a file of its own, and the events their new names and data`() throws {
        var copy = StreamCopy(from: "r1")
        let copies = try stream().flatMap { try copy.copy($0, by: ByDepartment.rules.forward) }
        #expect(
            copies.map { [$0.position, $0.type, $0.data] } == [
                ["case/7/Group 1@1", "T01 Confirmation of receipt", #"{"case:deadline":"2011-12-06"}"#],
                ["case/7/Group 4@1", "T07 Draft internal advice", #"{"advice:aspect":"3","case:deadline":"2011-12-06"}"#],
                ["case/7/Group 4@2", "T18 Adjust report Y to stop indication", "{}"],
                ["case/7/Group 4@3", "T06 Determine necessity of stop advice", #"{"case:deadline":null}"#],
                ["case/7/Group 4@4", "T06 Determine necessity of stop advice", #"{"case:deadline":"2012-01-01"}"#],
                ["case/7/@1", "Something new", #"{"case:deadline":"2012-01-01","org:group":"odd/name"}"#],
                ["case/7/@2", "Something new", #"{"case:deadline":null,"org:group":""}"#],
                ["case/7/@3", "Something new", #"{"case:deadline":null}"#],
            ])
    }

    @Test func `every event comes back as it was`() throws {
        let transform = AnyTransform(ByDepartment.self)
        var trip = try #require(RoundTrip(transform, of: "case/7"))
        var copy = StreamCopy(from: "r1")
        for event in try stream() { try trip.check(event, became: copy.copy(event, by: transform.forward)) }
        trip.finish()
        #expect(trip.proven == 8 && trip.unproven.isEmpty)
    }

    @Test func `a case's document is the same in whatever order its files come`() throws {
        var copy = StreamCopy(from: "r1")
        let copies = try stream().flatMap { try copy.copy($0, by: ByDepartment.rules.forward) }
        func document(_ events: [StoredEvent]) throws -> Cases.Document? {
            var document: Cases.Document?
            for event in events {
                #expect(Cases.documentIDs(for: event) == ["case/7"])
                try Cases.apply(event, to: &document, id: "case/7")
            }
            return document
        }
        let expected = try document(copies)
        #expect(expected?.currentActivity == "Something new" && expected?.activities == 8 && expected?.elapsedSeconds == 7)
        #expect(try document(copies.reversed()) == expected)
        #expect(try document(Array(copies.suffix(3) + copies.prefix(5))) == expected)
    }
}
