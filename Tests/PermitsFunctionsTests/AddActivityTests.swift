import EventSourcing
import Testing

@testable import PermitsFunctions

@Suite struct AddActivityTests {
    private func command(_ body: Value, caseId: String = "case-1") throws -> AddActivity {
        try AddActivity(CommandRequest(path: ["caseId": caseId], body: body))
    }

    @Test func `an activity is stored under its own name with its other fields as data`() throws {
        let command = try command(["activity": "T02 Check", "org:group": "Group 1", "note": ""])
        guard case .accept(let payloads, let answer) = command.decide(PermitCase.initial, at: 4), let activity = payloads.first as? Activity
        else {
            Issue.record("not accepted")
            return
        }
        #expect(answer == Answer(201, ["caseId": "case-1", "version": 5]))
        #expect(payloads.count == 1)
        #expect(try ConvertedEvent(activity) == ConvertedEvent(type: "T02 Check", schema: 1, data: #"{"note":"","org:group":"Group 1"}"#))
    }

    @Test func `any type of event is read`() throws {
        let event = StoredEvent(
            aggregateId: "case-1", version: 1, eventId: "e", type: "Never heard of", data: #"{"a":"b","n":1}"#, at: "", origin: "import")
        let activity = try #require(try PermitCase.decode(event) as? Activity)
        #expect(activity == Activity(name: "Never heard of", columns: ["a": "b"]))
        #expect(activity.typeName == "Never heard of")
    }

    @Test func `malformed activities name the field`() throws {
        let many = Dictionary(uniqueKeysWithValues: (0..<51).map { ("f\($0)", Value.string("")) })
        let cases: [(String, Value)] = [
            ("activity", [:]), ("activity", ["activity": 1]), ("activity", ["activity": ""]), ("activity", ["activity": "a\nb"]),
            ("body", []), ("body", .object(many.merging(["activity": "A"]) { one, _ in one })),
            ("note", ["activity": "A", "note": 1]), ("note", ["activity": "A", "note": .null]),
            ("note", ["activity": "A", "note": .string(String(repeating: "x", count: 1025))]), ("", ["activity": "A", "": "x"]),
            (String(repeating: "é", count: 32), .object(["activity": "A", String(repeating: "é", count: 65): "x"])),
        ]
        for (field, body) in cases {
            let error = #expect(throws: MalformedInput.self) { try command(body) }
            #expect(error?.field == field)
        }
        #expect(throws: MalformedInput(field: "caseId", problem: "is missing from the path")) {
            try AddActivity(CommandRequest(body: ["activity": "A"]))
        }
    }

    @Test func `the largest activity is still an event`() throws {
        var body: [String: Value] = ["activity": "A"]
        for index in 10..<60 {
            body["\(index)" + String(repeating: "\u{1}", count: 126)] = .string(String(repeating: "\u{1}", count: 1024))
        }
        let content = try ConvertedEvent(try command(.object(body)).activity)
        try AppendLimits.check([
            StoredEvent(
                aggregateId: String(repeating: "c", count: 512), version: 1, eventId: String(repeating: "e", count: 36), type: content.type,
                data: content.data, meta: String(repeating: "m", count: 2000), at: "", origin: "r1")
        ])
    }
}
