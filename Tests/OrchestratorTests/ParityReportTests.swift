import EventStore
import Testing

@testable import Orchestrator

/// What a report makes of what is known of each read model.
@Suite struct ParityReportTests {
    private typealias Model = ParityReport.ReadModel

    private func report(_ models: [Model], total: Int?) -> ParityReport {
        ParityReport(stack: "s", live: "r1", candidate: "r2", readModels: models, total: total)
    }

    private func model(_ documents: Int, undecided: [String] = [], held: [String] = [], differing: [String] = []) -> Model {
        var more = Model.matched("m", documents: 0)
        more.undecided = undecided
        more.differing = differing.count
        more.differences = differing.map { .init(document: $0, field: "total", live: "1", candidate: "2") }
        if !held.isEmpty {
            more.stopped = .init(
                documents: held, counts: ["projector/m of r2": 1],
                streams: [.init(aggregateId: "a", place: "projector/m of r2", reason: "poison")])
        }
        var model = Model.matched("m", documents: documents)
        model.add(more)
        return model
    }

    @Test func `where nothing was compared nobody can tell, and nothing is covered`() {
        let none = report([.unchecked("m", "new in r2"), .unchecked("n", "its clock")], total: 0)
        #expect(none.verdict == .inconclusive && none.coverage == 0)
        let empty = report([], total: 0)
        #expect(empty.verdict == .matched && empty.coverage == 1)
        let some = report([model(3), .unchecked("n", "its clock")], total: 3)
        #expect(some.verdict == .matched && some.coverage == 1)
    }

    @Test func `what should have been compared and wasn't is missing from the coverage`() {
        let missing = report([model(3), .inconclusive("n", "r2 has no such read model")], total: 4)
        #expect(missing.verdict == .inconclusive && missing.coverage == 0.75)
        #expect(report([model(3), .inconclusive("n", "no documents on either side")], total: nil).coverage == 0)
        let resumed = report([], total: nil).undecided("compared by an earlier process, and not matched")
        #expect(resumed.verdict == .inconclusive && resumed.coverage == 0 && resumed.documents == 0)
    }

    @Test func `documents that stopped streams hold back are inconclusive, with the reason and the count`() {
        let held = model(5, held: ["d-1", "d-2"])
        #expect(held.verdict == .inconclusive && held.documents == 3 && held.differing == 0)
        #expect(
            held.reason
                == "2 documents could not be brought to one position, e.g. 'd-1', because streams are stopped: 1 at projector/m of r2, e.g. 'a' at projector/m of r2: poison"
        )
        let whole = report([held], total: 5)
        #expect(whole.verdict == .inconclusive && whole.coverage == 0.6 && whole.isHeldBack)
        #expect(model(5, held: ["d-1"], differing: ["d-2"]).verdict == .mismatched)
    }

    @Test func `what kept changing and matches at another look is taken back`() {
        var first = model(3, undecided: ["hot", "warm"])
        #expect(first.verdict == .inconclusive && first.documents == 1)
        first.add(model(1), looked: ["hot"])
        #expect(first.undecided == ["warm"] && first.documents == 2 && first.verdict == .inconclusive)
        #expect(first.reason?.hasPrefix("1 documents kept changing") == true)
        // Looked at, and still open.
        first.add(model(1, undecided: ["warm"]), looked: ["warm"])
        #expect(first.undecided == ["warm"] && first.documents == 2)
        first.add(model(1), looked: ["warm"])
        #expect(first.undecided.isEmpty && first.documents == 3 && first.verdict == .matched && first.reason == nil)
    }

    @Test func `what was held back and differs at another look differs`() {
        var first = model(3, held: ["d-1"])
        first.add(model(1, differing: ["d-1"]), looked: ["d-1"])
        #expect(first.stopped == nil && first.verdict == .mismatched && first.documents == 3 && first.differing == 1)
    }

    @Test func `what a recheck before the seal decided stands, whatever kept changing beside it`() {
        let base = report([model(3, undecided: ["hot", "warm"])], total: 3)
        let recheck = Verifier.Recheck(readModels: [model(2, undecided: ["hot"])], looked: ["m": ["hot", "warm"]])
        let next = base.adding(recheck.definite)
        #expect(next.readModels[0].undecided == ["hot"] && next.verdict == .inconclusive)
        let atRest = next.adding(Verifier.Recheck(readModels: [model(1)], looked: ["m": ["hot"]]))
        #expect(atRest.verdict == .matched && atRest.coverage == 1)
    }

    @Test func `a stream that stopped since the guardrails ends the handover in the pause, whatever else a person let pass`() {
        let recheck = Verifier.Recheck(readModels: [model(2, held: ["d-1"])])
        #expect(recheck.refuses(mayBeInconclusive: true, known: [:]))
        #expect(!recheck.refuses(mayBeInconclusive: true, known: ["m": ["d-1", "d-2"]]))
        #expect(recheck.refuses(mayBeInconclusive: true, known: ["m": ["d-2"]]))
        #expect(recheck.refuses(mayBeInconclusive: true, known: ["other": ["d-1"]]))
        #expect(recheck.refuses(mayBeInconclusive: false, known: ["m": ["d-1"]]))
        #expect(!Verifier.Recheck(readModels: [model(2, undecided: ["hot"])]).refuses(mayBeInconclusive: true, known: [:]))
        #expect(Verifier.Recheck(readModels: [model(2, differing: ["d-1"])]).refuses(mayBeInconclusive: true, known: ["m": ["d-1"]]))
        #expect(!Verifier.Recheck().refuses(mayBeInconclusive: false, known: [:]))
    }

    @Test func `a refusal for differences names the parked streams as well`() {
        let entry = Parking.Entry(
            release: "r2", consumer: "projector/m", aggregateId: "a", event: nil, error: "poison", attempts: 1, since: "", at: "")
        let differs = report([model(2, differing: ["d-1"])], total: 2)
        #expect("\(ParityDiffers(report: differs, parked: [entry]))".contains("1 stream is parked, e.g. a at projector/m of r2: poison"))
        #expect(!"\(ParityDiffers(report: differs))".contains("parked"))
    }
}
