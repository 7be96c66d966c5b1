import Foundation
import StackDescription
import Testing

@testable import Orchestrator

@Suite struct EventTypeChangeTests {
    private typealias Fields = [String: Catalogue.FieldEntry]
    private static let text = Catalogue.FieldEntry(kind: "text", optional: false)
    private static let optional = Catalogue.FieldEntry(kind: "text", optional: true)

    private func catalogue(
        _ name: String, _ schema: Int = 1, _ fields: Fields? = ["name": text], casts: [Catalogue.CastEntry] = [],
        transform types: [String]?? = .none
    ) -> Catalogue {
        var transforms: [Catalogue.TransformEntry] = []
        if let types { transforms = [.init(name: "T", reversible: true, types: types)] }
        return Catalogue(transforms: transforms, eventTypes: [.init(name: name, schema: schema, fields: fields)], casts: casts)
    }

    private func verdict(_ next: Catalogue, transform: Transform? = nil) -> EventTypeChange? {
        EventTypeChange.compare(live: catalogue("Placed"), next: next, transform: transform).first { $0.type == "Placed" }
    }

    private let named = Transform.copy("T", reversible: true)

    @Test func `what stays as it is, is identical`() {
        #expect(verdict(catalogue("Placed"))?.verdict == .identical)
        #expect(verdict(catalogue("Placed", 1, nil))?.verdict == .identical)
    }

    @Test func `a new optional field is read without a copy`() {
        let change = verdict(catalogue("Placed", 1, ["name": Self.text, "note": Self.optional]))
        #expect(change?.verdict == .upcast)
        #expect(change?.reason == "'note' is new and optional")
    }

    @Test func `a field that is read no more is no reason for a copy`() {
        #expect(verdict(catalogue("Placed", 1, [:]))?.verdict == .upcast)
    }

    @Test func `a rule for reading spares the copy`() {
        let change = verdict(
            catalogue("Placed", 2, casts: [.init(type: "Placed", schema: 1, newType: "Placed", newSchema: 2)]))
        #expect(change?.verdict == .upcast)
        #expect(change?.reason == "its schema goes from 1 to 2; it is read as 'Placed' schema 2")
    }

    @Test func `rules for reading are followed from one to the next`() {
        let casts = [
            Catalogue.CastEntry(type: "Placed", schema: 1, newType: "Placed", newSchema: 2),
            Catalogue.CastEntry(type: "Placed", schema: nil, newType: "Submitted", newSchema: nil),
        ]
        #expect(verdict(catalogue("Submitted", 2, casts: casts))?.verdict == .upcast)
        #expect(verdict(catalogue("Submitted", 3, casts: casts))?.verdict == .breaking)
    }

    @Test func `a type that the transform names is copied`() {
        #expect(verdict(catalogue("Submitted", transform: ["Placed"]), transform: named)?.verdict == .transform)
        #expect(verdict(catalogue("Submitted", transform: .some(nil)), transform: named)?.verdict == .transform)
    }

    @Test func `a transform that doesn't name a changed type doesn't mend it`() {
        let change = verdict(catalogue("Submitted", transform: ["Paid"]), transform: named)
        #expect(change?.verdict == .breaking)
        #expect(
            change?.reason
                == "the next release has no such event type; no rule for reading leads to a known schema, and the transform 'T' doesn't name it"
        )
    }

    @Test(arguments: [
        ["name": Catalogue.FieldEntry(kind: "number", optional: false)], ["name": text, "more": text],
    ])
    func `a field that older events can't have, or have otherwise, breaks`(fields: [String: Catalogue.FieldEntry]) {
        #expect(verdict(catalogue("Placed", 1, fields))?.verdict == .breaking)
    }

    @Test func `a new type is new`() {
        let changes = EventTypeChange.compare(live: Catalogue(), next: catalogue("Placed"), transform: nil)
        #expect(changes.map(\.verdict) == [.new])
    }

    private typealias Outcome = Catalogue.OutcomeEntry
    private typealias Cast = Catalogue.CastEntry

    private static func upcast(_ type: String, _ old: Int, _ new: Int, reversible: Bool? = true) -> Cast {
        Cast(type: type, schema: old, newType: type, newSchema: new, reversible: reversible)
    }

    private static let renamed = Cast(type: "Noted", schema: nil, newType: "Placed", newSchema: nil, reversible: true)

    private func compare(_ live: Catalogue, _ next: Catalogue, transform: Transform? = nil) -> [String: EventTypeChange] {
        let changes = EventTypeChange.compare(live: live, next: next, transform: transform)
        return Dictionary(changes.map { ($0.type, $0) }, uniquingKeysWith: { first, _ in first })
    }

    @Test func `a rule for reading that the next release leaves out breaks what it read`() {
        let live = catalogue("Placed", 2, casts: [Self.upcast("Placed", 1, 2)])
        let change = compare(live, catalogue("Placed", 2))["Placed"]
        #expect(change?.verdict == .breaking)
        #expect(change?.live == 2)
        #expect(
            change?.reason
                == "schema 1, which the live release reads by a rule: its schema goes from 1 to 2; no rule for reading leads to a known schema, and no transform changes it"
        )
        #expect(compare(live, live)["Placed"]?.verdict == .identical)
    }

    @Test func `a transform must take the older versions too, where the next release has no rule for them`() {
        let live = catalogue("Placed", 2, casts: [Self.upcast("Placed", 1, 2)])
        func next(_ schema: Int?) -> Catalogue {
            let made = Outcome(type: "Placed", schema: schema, parts: [.init(type: "Submitted", schema: 1, keepsData: false)])
            return Catalogue(
                transforms: [.init(name: "T", reversible: true, forward: [[made]])], eventTypes: [.init(name: "Submitted", schema: 1)])
        }
        #expect(compare(live, next(nil), transform: named)["Placed"]?.verdict == .transform)
        #expect(compare(live, next(2), transform: named)["Placed"]?.verdict == .breaking)
    }

    @Test func `a type that the live release has by another name alone is compared as well`() {
        let live = catalogue("Placed", casts: [Self.renamed])
        let kept = compare(live, live)["Noted"]
        #expect(kept?.verdict == .upcast)
        #expect(kept?.reason == "the next release has no such event type; it is read as 'Placed' schema 1")
        #expect(compare(live, catalogue("Placed"))["Noted"]?.verdict == .breaking)
        #expect(compare(live, catalogue("Noted"))["Noted"]?.verdict == .identical)
    }

    @Test func `a newer event is read by a rule that has a way back`() {
        let live = catalogue("Placed", 3)
        func verdict(_ casts: Cast...) -> EventTypeChange.Verdict? {
            compare(live, catalogue("Placed", 2, casts: casts))["Placed"]?.verdict
        }
        #expect(verdict(Self.upcast("Placed", 2, 3)) == .upcast)
        #expect(verdict(Self.upcast("Placed", 2, 3, reversible: false)) == .breaking)
        #expect(verdict(Self.upcast("Placed", 2, 3, reversible: nil)) == .breaking)
        #expect(verdict(Self.renamed) == .breaking)
        #expect(compare(live, catalogue("Noted", 3, casts: [Self.renamed]))["Placed"]?.verdict == .upcast)
        // Any version becomes the second: its way back is to the first.
        let any = Cast(type: "Noted", schema: nil, newType: "Placed", newSchema: 3, reversible: true)
        #expect(compare(live, catalogue("Noted", 1, casts: [any]))["Placed"]?.verdict == .upcast)
        #expect(compare(live, catalogue("Noted", 2, casts: [any]))["Placed"]?.verdict == .breaking)
    }

    @Test func `a type that is known as it is passes no rule`() {
        let required = catalogue("Placed", 1, ["more": Self.text], casts: [Self.upcast("Placed", 1, 2)])
        #expect(verdict(required)?.verdict == .breaking)
    }

    private func next(_ types: Catalogue.EventTypeEntry..., rules: [[Outcome]]) -> Catalogue {
        Catalogue(transforms: [.init(name: "T", reversible: true, forward: rules)], eventTypes: types)
    }

    private static func making(_ type: String, _ schema: Int? = nil, keepsData: Bool = false, of source: String = "Placed") -> [Outcome] {
        [Outcome(type: source, schema: nil, parts: [.init(type: type, schema: schema, keepsData: keepsData)])]
    }

    @Test func `rules that only move events mend no type`() {
        let change = verdict(next(.init(name: "Submitted", schema: 1), rules: [[]]), transform: named)
        #expect(change?.verdict == .breaking)
        #expect(change?.reason.hasSuffix("and the transform 'T' doesn't name it") == true)
        #expect(verdict(next(.init(name: "Placed", schema: 1), rules: [[]]), transform: named)?.verdict == .identical)
    }

    @Test func `a rule whose function sees every event excuses a type, one that sees another doesn't`() {
        let any = Outcome(type: nil, schema: nil, parts: nil)
        let other = Outcome(type: "Paid", schema: nil, parts: nil)
        #expect(verdict(next(.init(name: "Submitted", schema: 1), rules: [[], [any]]), transform: named)?.verdict == .transform)
        #expect(verdict(next(.init(name: "Submitted", schema: 1), rules: [[], [other]]), transform: named)?.verdict == .breaking)
    }

    @Test func `a rule that leads to what the next release doesn't know breaks`() {
        let submitted = Catalogue.EventTypeEntry(name: "Submitted", schema: 2)
        func change(_ rules: [Outcome]...) -> EventTypeChange? { verdict(next(submitted, rules: rules), transform: named) }
        #expect(change(Self.making("Submited", 2))?.verdict == .breaking)
        #expect(
            change(Self.making("Submited", 2))?.reason
                == "the transform 'T' makes 'Submited' schema 2 of it, and the next release has no such event type")
        #expect(
            change(Self.making("Submitted", keepsData: true))?.reason
                == "the transform 'T' makes 'Submitted' schema 1 of it, and the next release has schema 2")
        #expect(change(Self.making("Submitted", 2))?.verdict == .transform)
        #expect(change(Self.making("Submitted", 2))?.reason == "the transform 'T' makes 'Submitted' schema 2 of it")
        // From rule to rule.
        #expect(change(Self.making("Draft"), Self.making("Submitted", 2, of: "Draft"))?.verdict == .transform)
        #expect(change(Self.making("Submitted", 2, of: "Draft"), Self.making("Draft"))?.verdict == .breaking)
        // Changed for this type, whatever version it has.
        #expect(change(Self.making("Submitted"))?.verdict == .transform)
        // Dropped.
        #expect(change([Outcome(type: "Placed", schema: nil, parts: [])])?.verdict == .transform)
    }

    @Test func `what a rule adds must be known, and what it keeps be read`() {
        let adding = [
            Outcome(
                type: "Placed", schema: nil,
                parts: [.init(type: "Placed", schema: nil, keepsData: true), .init(type: "Invoiced", schema: 1, keepsData: false)])
        ]
        let placed = Catalogue.EventTypeEntry(name: "Placed", schema: 1)
        let invoiced = Catalogue.EventTypeEntry(name: "Invoiced", schema: 1)
        #expect(verdict(next(placed, invoiced, rules: [adding]), transform: named)?.verdict == .transform)
        #expect(verdict(next(placed, rules: [adding]), transform: named)?.reason.contains("makes 'Invoiced' schema 1 of it") == true)
        #expect(
            verdict(next(invoiced, rules: [adding]), transform: named)?.reason
                == "the next release has no such event type, and the transform 'T' keeps it")
    }

    @Test func `data that a rule keeps must fit the type that it becomes`() {
        let fields = ["name": Self.text, "more": Self.text]
        let submitted = Catalogue.EventTypeEntry(name: "Submitted", schema: 1, fields: fields)
        let kept = verdict(next(submitted, rules: [Self.making("Submitted", keepsData: true)]), transform: named)
        #expect(kept?.verdict == .breaking)
        #expect(kept?.reason.contains("the field 'more' is new and required") == true)
        #expect(verdict(next(submitted, rules: [Self.making("Submitted", 1)]), transform: named)?.verdict == .transform)
    }

    @Test func `a value that is taken no more breaks, one that is added does no harm`() {
        func catalogue(_ cases: [String]?) -> Catalogue {
            self.catalogue("Placed", 1, ["color": Catalogue.FieldEntry(kind: "text", optional: false, cases: cases)])
        }
        func change(_ live: [String]?, _ next: [String]?) -> EventTypeChange? { compare(catalogue(live), catalogue(next))["Placed"] }
        let lost = change(["blue", "green", "red"], ["red"])
        #expect(lost?.verdict == .breaking)
        #expect(lost?.reason.hasPrefix("the field 'color' takes 'blue', 'green' no more, with the same schema version") == true)
        #expect(change(["red"], ["green", "red"])?.verdict == .upcast)
        #expect(change(["red"], ["green", "red"])?.reason == "'color' is read more widely")
        // Catalogues of earlier versions tell no values.
        #expect(change(nil, ["red"])?.verdict == .identical)
        #expect(change(["red"], nil)?.verdict == .identical)
    }

    @Test func `a catalogue that an earlier version stored is read`() throws {
        let json = """
            {"commands":[],"projections":[],"reactors":[],"transforms":[{"name":"T","reversible":true,"types":["Placed"]}],
            "eventTypes":[{"name":"Placed","schema":1,"fields":{"color":{"kind":"text","optional":false}}}],
            "casts":[{"type":"Placed","newType":"Submitted"}]}
            """
        let catalogue = try JSONDecoder().decode(Catalogue.self, from: Data(json.utf8))
        #expect(catalogue.transforms.first?.rules == [[Outcome(type: "Placed", schema: nil, parts: nil)]])
        #expect(catalogue.transforms.first?.rulesBack == [[Outcome(type: nil, schema: nil, parts: nil)]])
        #expect(catalogue.eventTypes.first?.fields?["color"]?.cases == nil)
        #expect(catalogue.casts?.first?.reversible == nil)
    }
}
