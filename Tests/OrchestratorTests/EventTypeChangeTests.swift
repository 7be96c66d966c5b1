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
}
