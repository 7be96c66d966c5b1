import AWS
import StackDescription
import Synchronization
import TestSupport
import Testing

@testable import EventStore
@testable import Orchestrator

/// What a comparison of what the tail touched reads of the journal, and what may leave it afterwards.
@Suite(.localCloud) struct TailSettlingTests {
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

    private func left(_ models: ParityReport.ReadModel..., stopped: [String] = []) -> [String] {
        var found = found
        for stream in stopped {
            found.touched.stopped.stop(stream, at: .projector(readModel: "summary", release: "r2"), because: "poison")
        }
        let settled = Set(found.settled(by: Verifier.Recheck(readModels: models)))
        return found.entries.filter { !settled.contains($0) }.map(\.order)
    }

    @Test func `where all matched nothing is left`() { #expect(left(model("summary"), model("revenue")).isEmpty) }

    @Test func `of a document that kept changing the newest entry is left, whatever else it touched`() {
        #expect(left(model("summary"), model("revenue", undecided: ["monday"])) == ["03"])
        #expect(Set(left(model("summary", undecided: ["a"]), model("revenue", undecided: ["monday"]))) == ["01", "03"])
    }

    @Test func `a run brings in what none before it did, though a slow clock named it, and reads no other entry`() async throws {
        let store = try await StoreFixture.make()
        let read = Mutex<[String]>([])
        let reader = HookedStore(
            store.dynamo,
            found: { _, items in
                let streams = items.compactMap { $0["sources"]?.map }.flatMap(\.keys)
                read.withLock { $0 += streams }
                return items
            })
        let journal = TouchedJournal(dynamo: reader, names: store.names, release: "r2")
        func carry(_ stream: String, shiftedBy seconds: Double = 0) async throws {
            let span: AttributeValue = .m([stream: TouchedSpan(after: 0, upTo: 1).attribute])
            try await store.dynamo.write(
                .put(
                    store.names.ledger,
                    [
                        "shard": .s("touched/r2/0"), "item": .s(ULID.next(ShiftedClock(seconds).clock)), "sources": span,
                        "targets": span,
                    ]))
        }
        func release(_ name: String, _ state: ReleaseRecord.State) -> ReleaseRecord {
            ReleaseRecord(
                stack: store.names.stack, release: name, state: state, phase: .ready,
                manifest: Stack(
                    store.names.stack, functions: .swiftProduct("Functions"), api: .http(domain: "s.example"),
                    commands: [.command("Add", on: .post("/add"))]),
                fingerprint: "", artifact: "", createdAt: "")
        }
        let (live, candidate) = (release("r1", .live), release("r2", .candidate))
        let view = StackView(
            cloud: Cloud(client: store.client, account: "000000000000"), stack: store.names.stack, releases: [live, candidate])

        try await carry("before")
        let tail = TailSettling(
            view: view, live: live, candidate: candidate, readModels: [], journal: journal, before: try await journal.keys())
        try await carry("since")
        #expect(try await tail.run().entries.flatMap(\.sources.keys) == ["since"])
        try await carry("slow", shiftedBy: -3_600)
        #expect(try await tail.run().entries.flatMap(\.sources.keys) == ["slow"])
        #expect(try await tail.run().entries.isEmpty)
        #expect(read.withLock { $0 } == ["since", "slow"])
    }

    @Test func `where something differs, or can't be asked, everything is left`() {
        #expect(left(model("summary", differing: 1), model("revenue")).count == 3)
        #expect(left(model("summary"), model("revenue"), stopped: ["a"]).count == 3)
        var held = model("summary")
        held.stopped = .init(documents: ["a"], counts: [:], streams: [])
        #expect(left(held, model("revenue")).count == 3)
    }

    @Test func `what can't be told is counted, and the first few are named`() {
        var touched = TouchedDocuments.Found()
        #expect(touched.unknown == nil)
        for stream in ["a", "b", "c", "d", "e"] {
            touched.stopped.stop(stream, at: .projector(readModel: "summary", release: "r2"), because: "poison")
        }
        touched.failed = ["f": "no such function", "g": "no such function"]
        let unknown = touched.unknown ?? ""
        #expect(unknown.hasPrefix("streams are stopped: 5 at projector/summary of r2, e.g. 'a' at projector/summary of r2: poison; 'b' "))
        #expect(unknown.contains("; and 2 more; 2 functions couldn't tell: f: no such function"))
    }
}
