import Foundation
import StackDescription
import Testing

@testable import Orchestrator

/// Whether the live release could read what the next one writes and a rollback brings back.
@Suite struct WayBackTests {
    private static let text = Catalogue.FieldEntry(kind: "text", optional: false)
    private static let live = Catalogue(eventTypes: [
        .init(name: "OrderPlaced", schema: 1, fields: ["qty": text]), .init(name: "OrderPaid", schema: 1, fields: ["amount": text]),
    ])

    private static func upcast(_ type: String, from old: Int, to new: Int) -> Catalogue.CastEntry {
        .init(type: type, schema: old, newType: type, newSchema: new, reversible: true)
    }

    private func record(
        _ release: String, _ catalogue: Catalogue?, transform: Transform? = nil, proof: ReplayProof? = nil
    ) -> ReleaseRecord {
        let stack = Stack(
            "orders", functions: .swiftProduct("Orders"), api: .http(domain: "api.orders.example"), commands: [], readModels: [],
            transform: transform)
        return ReleaseRecord(
            stack: "orders", release: release, state: release == "r1" ? .live : .candidate, phase: .ready, manifest: stack,
            fingerprint: "f", artifact: "debug", createdAt: "2026-03-02T12:00:07.000000Z", replayed: proof, catalogue: catalogue)
    }

    private static let proof = ReplayProof(events: 180, seconds: 1, totals: [], proven: 180, unproven: [:], isReversible: true)

    private func rail(
        _ next: Catalogue?, live: Catalogue? = WayBackTests.live, transform: Transform? = nil, proof: ReplayProof = WayBackTests.proof
    ) -> Guardrail {
        GuardrailChecks.wayBackRail(from: record("r2", next, transform: transform, proof: proof), to: record("r1", live))
    }

    private func unreadable(_ next: Catalogue, live: Catalogue = WayBackTests.live, transform: Transform? = nil) -> [String: String]? {
        WayBack(to: record("r1", live), next: next, transform: transform, proof: nil).unreadable.map { unreadable in
            Dictionary(unreadable.map { ($0.type, $0.reason) }, uniquingKeysWith: { first, _ in first })
        }
    }

    private let named = Transform.copy("T", reversible: true)

    private func next(_ types: Catalogue.EventTypeEntry..., back: [[Catalogue.OutcomeEntry]]?) -> Catalogue {
        Catalogue(transforms: [.init(name: "T", reversible: true, forward: [[]], back: back)], eventTypes: types)
    }

    private static func making(_ type: String, _ schema: Int?, of source: String, keepsData: Bool = false) -> [Catalogue.OutcomeEntry] {
        [.init(type: source, schema: nil, parts: [.init(type: type, schema: schema, keepsData: keepsData)])]
    }

    @Test func `the same event types come back as they are`() {
        #expect(unreadable(Self.live) == [:])
        let rail = rail(Self.live)
        #expect(rail.holds)
        #expect(rail.figure == "rollback lossless (180 of 180 events proven); return replicator enabled and tried")
    }

    @Test func `a newer schema that only the next release's rules for reading know breaks a rollback, and can be waived`() throws {
        let next = Catalogue(
            eventTypes: [.init(name: "OrderPlaced", schema: 2), .init(name: "OrderPaid", schema: 1, fields: ["amount": Self.text])],
            casts: [Self.upcast("OrderPlaced", from: 1, to: 2)])
        let rail = rail(next)
        #expect(!rail.holds && rail.waivable)
        #expect(
            rail.figure.hasPrefix(
                "rollback would break: r1 couldn't read 'OrderPlaced' schema 2 (r1 has schema 1, and no rule for reading leads there), which r2 may write"
            ))
        #expect(try Guardrail.waive([rail], ["way-back"]).allSatisfy(\.lets))
        #expect(try Guardrail.waive([rail], []).map(\.lets) == [false])
    }

    @Test func `the live release's own rules read it backwards`() {
        var live = Self.live
        live.casts = [Self.upcast("OrderPlaced", from: 1, to: 2)]
        let next = Catalogue(eventTypes: [.init(name: "OrderPlaced", schema: 2)])
        #expect(unreadable(next, live: live) == [:])
        live.casts?[0].reversible = false
        #expect(unreadable(next, live: live)?.keys.sorted() == ["OrderPlaced"])
    }

    @Test func `a type that the live release doesn't have breaks a rollback`() {
        #expect(
            unreadable(Catalogue(eventTypes: Self.live.eventTypes + [.init(name: "OrderNoted", schema: 1)]))
                == ["OrderNoted": "r1 has no such event type"])
    }

    private static let misfits: [([String: Catalogue.FieldEntry], String)] = [
        (["qty": .init(kind: "text", optional: true)], "r1 requires the field 'qty', which may be left out"),
        ([:], "r1 requires the field 'qty', which isn't written any more"),
        (["qty": .init(kind: "number", optional: false)], "the field 'qty' is written as number, and r1 reads it as text"),
    ]

    @Test(arguments: Self.misfits)
    func `a field that the live release needs breaks a rollback where it may be missing, or is another`(
        fields: [String: Catalogue.FieldEntry], reason: String
    ) {
        #expect(unreadable(Catalogue(eventTypes: [.init(name: "OrderPlaced", schema: 1, fields: fields)])) == ["OrderPlaced": reason])
    }

    @Test func `a value that the live release doesn't know breaks a rollback`() {
        func catalogue(_ cases: [String]) -> Catalogue {
            let color = Catalogue.FieldEntry(kind: "text", optional: false, cases: cases)
            return Catalogue(eventTypes: [.init(name: "OrderPlaced", schema: 1, fields: ["color": color])])
        }
        #expect(
            unreadable(catalogue(["green", "red"]), live: catalogue(["red"])) == [
                "OrderPlaced": "r1 doesn't take 'green' in the field 'color'"
            ])
        #expect(unreadable(catalogue(["red"]), live: catalogue(["green", "red"])) == [:])
    }

    @Test func `what a transform's way back makes must be known`() {
        let submitted = Catalogue.EventTypeEntry(name: "OrderSubmitted", schema: 2)
        #expect(unreadable(next(submitted, back: [Self.making("OrderPlaced", 1, of: "OrderSubmitted")]), transform: named) == [:])
        #expect(
            unreadable(next(submitted, back: [Self.making("OrderPlced", 1, of: "OrderSubmitted")]), transform: named) == [
                "OrderSubmitted": "its way back makes 'OrderPlced' schema 1 of it, and r1 has no such event type"
            ])
        // One that is dropped on the way back hinders nothing, nor does one that a function sees.
        #expect(
            unreadable(next(submitted, back: [[.init(type: "OrderSubmitted", schema: nil, parts: [])]]), transform: named) == [:])
        #expect(unreadable(next(submitted, back: [[.init(type: nil, schema: nil, parts: nil)]]), transform: named) == [:])
        #expect(unreadable(next(submitted, back: nil), transform: named) == [:])
    }

    @Test func `of a new type that the transform's code turns back, or that is dropped, lossless says nothing`() {
        let submitted = Catalogue.EventTypeEntry(name: "OrderSubmitted", schema: 2)
        let paid = Catalogue.EventTypeEntry(name: "OrderPaid", schema: 1)
        let open = next(submitted, paid, back: [[.init(type: nil, schema: nil, parts: nil)]])
        let figure = rail(open, transform: named).figure
        #expect(rail(open, transform: named).holds)
        #expect(
            figure.contains(
                "lossless (180 of 180 events proven); that says nothing of 'OrderSubmitted' schema 2 (new, and the transform's code decides what comes back of it)"
            ))
        #expect(!figure.contains("OrderPaid"))
        let dropped = next(submitted, back: [[.init(type: "OrderSubmitted", schema: nil, parts: [])]])
        #expect(rail(dropped, transform: named).figure.contains("'OrderSubmitted' schema 2 (new, and its way back drops it)"))
    }

    @Test func `a transform that moves events alone turns no newer schema back`() {
        let moved = next(.init(name: "OrderPlaced", schema: 2), back: [[]])
        #expect(unreadable(moved, transform: named)?.keys.sorted() == ["OrderPlaced"])
    }

    @Test func `what can't be told is said, and refuses nothing`() {
        let pairs: [(Catalogue?, Catalogue?)] = [(nil, Self.live), (Self.live, nil), (Self.live, Catalogue()), (Catalogue(), Self.live)]
        for (next, live) in pairs {
            let rail = rail(next, live: live)
            #expect(rail.holds)
            #expect(rail.figure.contains("whether the live release reads what the next one writes isn't on record"))
        }
    }

    @Test func `events that would change are still named, beside what couldn't be read`() {
        var proof = Self.proof
        proof.unproven = ["OrderPaid": 2]
        let rail = rail(Catalogue(eventTypes: [.init(name: "OrderPlaced", schema: 2)]), proof: proof)
        #expect(!rail.holds && rail.waivable)
        #expect(rail.figure.contains("'OrderPlaced' schema 2") && rail.figure.contains("would change events: OrderPaid ×2"))
    }

    @Test func `a transform without a way back has nothing to read`() {
        let way = WayBack(
            to: record("r1", Self.live), next: next(.init(name: "OrderNoted", schema: 1), back: nil),
            transform: .copy("T", reversible: false), proof: nil)
        #expect(!way.isReversible && way.unreadable == [])
    }
}
