import AWS
import Testing

@testable import EventStore
@testable import Orchestrator

/// What may leave the journal after a comparison of what the tail touched.
@Suite struct TailSettlingTests {
    /// An entry of one stream, which goes to a stream of the same name.
    private func entry(_ number: Int, _ stream: String) -> TouchedJournal.Entry {
        let span = TouchedSpan(after: 0, upTo: 1)
        return .init(key: ["shard": "touched/r2/0", "item": .s("0\(number)")], sources: [stream: span], targets: [stream: span])
    }

    /// Each order touches its summary and the day that all share.
    private var found: TailSettling.Found {
        let streams = ["a", "b", "c"]
        let summaries = Dictionary(uniqueKeysWithValues: streams.map { ($0, [$0]) })
        let days = Dictionary(uniqueKeysWithValues: streams.map { ($0, ["monday"]) })
        let touched = TouchedDocuments.Found(
            sources: ["summary": summaries, "revenue": days], targets: ["summary": summaries, "revenue": days])
        return .init(entries: [entry(3, "c"), entry(1, "a"), entry(2, "b")], touched: touched, seconds: 0)
    }

    private func model(_ name: String, differing: Int = 0, undecided: [String] = []) -> ParityReport.ReadModel {
        var model = ParityReport.ReadModel(
            name: name, documents: 3, verdict: .matched, differences: [], differing: differing, reason: nil, unchecked: false)
        model.undecided = undecided
        return model
    }

    private func left(_ models: ParityReport.ReadModel..., stopped: [String: String] = [:]) -> [String] {
        var found = found
        found.touched.stopped = stopped
        let settled = Set(found.settled(by: Verifier.Recheck(readModels: models)))
        return found.entries.filter { !settled.contains($0) }.map(\.order)
    }

    @Test func `where all matched nothing is left`() { #expect(left(model("summary"), model("revenue")).isEmpty) }

    @Test func `of a document that kept changing the newest entry is left, whatever else it touched`() {
        #expect(left(model("summary"), model("revenue", undecided: ["monday"])) == ["03"])
        #expect(Set(left(model("summary", undecided: ["a"]), model("revenue", undecided: ["monday"]))) == ["01", "03"])
    }

    @Test func `where something differs, or can't be asked, everything is left`() {
        #expect(left(model("summary", differing: 1), model("revenue")).count == 3)
        #expect(left(model("summary"), model("revenue"), stopped: ["stream 'a'": "poison"]).count == 3)
    }
}
