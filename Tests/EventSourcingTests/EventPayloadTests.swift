import EventSourcing
import Foundation
import Testing

private struct Noted: EventPayload, Hashable {
    var text: String
}

private struct Counted: EventPayload, Hashable {
    static let type = "counted"
    static let schema = 4
    var count: Int
}

private struct Named: EventPayload {
    var name: String
    var typeName: String { name }
}

private enum Notes: Aggregate {
    static let initial = 0
    static let events = EventTypes([Noted.self, Counted.self])
    static func evolve(_ state: Int, _ event: any EventPayload) -> Int { state + 1 }
}

@Suite struct EventPayloadTests {
    @Test func `a payload is stored under its type, schema and sorted JSON`() throws {
        #expect(try ConvertedEvent(Noted(text: "a/b")) == ConvertedEvent(type: "Noted", schema: 1, data: #"{"text":"a/b"}"#))
        #expect(try ConvertedEvent(Counted(count: 2)) == ConvertedEvent(type: "counted", schema: 4, data: #"{"count":2}"#))
        #expect(try ConvertedEvent(Named(name: "T02")).type == "T02")
    }

    @Test func `an aggregate decodes the events that it lists`() throws {
        #expect(try Notes.decode(.sample(data: #"{"text":"x","more":1}"#)) as? Noted == Noted(text: "x"))
        #expect(try Notes.decode(.sample(type: "counted", data: #"{"count":2}"#)) as? Counted == Counted(count: 2))
    }

    @Test(arguments: [("Unheard", "{}"), ("Noted", "{}"), ("Noted", "no JSON"), ("noted", #"{"text":"x"}"#)])
    func `an event that can't be read is named with its position`(type: String, data: String) {
        let error = #expect(throws: UnreadableEvent.self) { try Notes.decode(.sample(version: 7, type: type, data: data)) }
        #expect(error?.position == "o-17@7")
        #expect(error?.type == type)
    }

    @Test func `metadata leaves out what is absent`() throws {
        let answer = Answer(201, ["version": 1])
        #expect(
            try EventMetadata(command: "k", answer: answer).encoded() == #"{"answer":{"body":{"version":1},"status":201},"command":"k"}"#)
        #expect(EventMetadata.decode(#"{"answer":{"body":{"version":1},"status":201},"command":"k"}"#).answer == answer)
        #expect(EventMetadata.decode("no JSON") == EventMetadata())
    }

    @Test func `metadata is written with all its fields, as an encoder writes it`() throws {
        let answer = Answer(409, ["error": "a/b \"c\"\n\u{1}é", "list": [1, .null, true, -7]])
        let all = EventMetadata(
            command: "k\u{1F600}", request: "00ff", answer: answer, correlation: "a\\b", causation: "", actor: "ann\u{7F}\u{2028}")
        for child in Mirror(reflecting: all).children {
            #expect(!"\(child.value)".contains("nil"), "\(child.label ?? "") is not in this test")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        #expect(try all.encoded().utf8.elementsEqual(String(decoding: encoder.encode(all), as: UTF8.self).utf8))
        #expect(EventMetadata.decode(try all.encoded()) == all)
    }

    @Test func `an error's answer names its field where it has one`() {
        #expect(Answer.error(404, "no").body == ["error": "no"])
        #expect(Answer.error(400, "no", field: "lines[0]").body == ["error": "no", "field": "lines[0]"])
    }
}
