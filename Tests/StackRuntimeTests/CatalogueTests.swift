import EventSourcing
import Testing

@testable import StackRuntime

private struct Placed: EventPayload {
    static let schema = 2
    enum Color: String, Codable, CaseIterable { case red, green }
    var color: Color
}

private enum ByHand: ReversibleTransform {
    static func forward(_ event: StoredEvent) -> Conversion { .keep }
    static func reverse(_ event: StoredEvent) -> Conversion { .keep }
}

/// What an executable tells the tool that it offers.
@Suite struct CatalogueTests {
    private let functions = StackFunctions(
        transforms: [
            AnyTransform(
                "Renamed", [.renameEvent("Noted", to: "Placed"), .renameStream(by: { "s-\($0)" }, back: { String($0.dropFirst(2)) })]),
            AnyTransform("Moved", [.splitStream(by: { $0.type })]), AnyTransform(ByHand.self),
        ],
        events: EventTypes([Placed.self], reading: [.upcast("Placed", from: 1, to: 2, [.delete("fax")])]))

    private func part(of catalogue: String, _ index: Int) throws -> Value? {
        try Value.parse(functions.catalogue())[catalogue]?.list?[index]
    }

    @Test func `a transform tells which types its rules change, and what they make of them, both ways`() throws {
        let back: Value = ["type": "Placed", "parts": [["type": "Noted", "keepsData": true]]]
        let forward: Value = ["type": "Noted", "parts": [["type": "Placed", "keepsData": true]]]
        let renamed = try part(of: "transforms", 0)
        #expect(renamed?["types"] == ["Noted"])
        #expect(renamed?["forward"] == [[forward], []])
        #expect(renamed?["back"] == [[], [back]])
    }

    @Test func `a transform that only moves events changes no type, one that is a function any`() throws {
        let moved = try part(of: "transforms", 1)
        #expect(moved?["types"] == [])
        #expect(moved?["forward"] == [[]])
        #expect(moved?["back"] == nil)
        let byHand = try part(of: "transforms", 2)
        let anything: Value = [:]
        #expect(byHand?["types"] == nil)
        #expect(byHand?["forward"] == [[anything]])
        #expect(byHand?["back"] == [[anything]])
    }

    @Test func `an event type tells the values of its choices, and a rule for reading whether it has a way back`() throws {
        let color: Value = ["kind": "text", "optional": false, "cases": ["green", "red"]]
        #expect(try part(of: "eventTypes", 0)?["fields"]?["color"] == color)
        let cast: Value = ["type": "Placed", "schema": 1, "newType": "Placed", "newSchema": 2, "reversible": false]
        #expect(try part(of: "casts", 0) == cast)
    }
}
