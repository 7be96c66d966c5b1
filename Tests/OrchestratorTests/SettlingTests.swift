import AWS
import EventStore
import StackDescription
import Synchronization
import TestSupport
import Testing

@testable import Orchestrator

/// Comparisons of a release that some streams can't be brought into. One read model; each stream makes the document of its own name.
@Suite(.localCloud) struct SettlingTests {
    private struct Fixture {
        var store: StoreFixture
        var view: StackView
        var live: ReleaseRecord
        var candidate: ReleaseRecord
        let notes = Notes()

        var verifier: Verifier {
            let notes = notes
            return Verifier(view: view, live: live, candidate: candidate, sink: { if case .note(let note) = $0 { notes.add(note) } })
        }

        func table(_ release: String) -> String { store.names.release(release).readModel("m") }

        func put(_ id: String, live: Int, candidate: Int) async throws {
            for (release, total) in [("r1", live), ("r2", candidate)] {
                try await store.dynamo.write(
                    .put(table(release), ["id": .s(id), "total": .int(total), "_revision": .int(1), "_event": .s("\(id)@1")]))
            }
        }
    }

    private final class Notes: Sendable {
        private let all = Mutex<[String]>([])
        var list: [String] { all.withLock { $0 } }
        func add(_ note: String) { all.withLock { $0.append(note) } }
    }

    private static func fixture(
        phase: DeploymentPhase = .ready, liveModels: [String] = ["m"], candidateModels: [String] = ["m"],
        parity: [ParityExpectation] = [],
        _ answer: @escaping @Sendable (String, StubbedFunctions.Asked) -> StubbedFunctions.Answer = { StubbedFunctions.projector($1) }
    ) async throws -> Fixture {
        let store = try await StoreFixture.make(transport: StubbedFunctions(answer: answer))
        let stack = store.names.stack
        func release(_ name: String, _ state: ReleaseRecord.State, _ counterpart: String?, _ models: [String]) -> ReleaseRecord {
            let manifest = Stack(
                stack, functions: .swiftProduct("Functions"), eventStore: .dynamoDB(ledgerShards: store.shards.count),
                api: .http(domain: "s.example"), commands: [.command("Add", on: .post("/add"))],
                readModels: models.map { .table($0, projectedBy: $0) }, parity: counterpart == nil ? [] : parity)
            return ReleaseRecord(
                stack: stack, release: name, state: state, phase: phase, counterpart: counterpart, manifest: manifest, fingerprint: "",
                artifact: "", createdAt: "")
        }
        let records = [release("r1", .live, nil, liveModels), release("r2", .candidate, "r1", candidateModels)]
        for (record, models) in zip(records, [liveModels, candidateModels]) {
            for model in models {
                try await store.dynamo.createTable(.init(name: record.names.readModel(model), hashKey: .string("id")))
            }
        }
        let view = StackView(cloud: Cloud(client: store.client, account: "000000000000"), stack: stack, releases: records)
        return Fixture(store: store, view: view, live: records[0], candidate: records[1])
    }

    @Test(arguments: [false, true])
    func `what can't be replicated or taken in is told, and is neither an error nor a difference`(differs: Bool) async throws {
        let fixture = try await Self.fixture { function, asked in
            if function.hasSuffix("-r2-replicator") {
                return .json(#"{"events":0,"failures":{"lost":"no customer"},"stoppedAt":{}}"#)
            }
            return StubbedFunctions.projector(asked, gaps: function.hasSuffix("-r2-m") ? ["gap"] : [])
        }
        let store = fixture.store
        for stream in ["lost", "gap", "sound"] { try await store.commit("r1", stream, after: 0) }
        try await store.cut()
        for stream in ["gap", "sound"] {
            try await store.dynamo.write(.put(store.names.release("r2").events, ["aggregateId": .s(stream), "version": .int(1)]))
        }
        try await fixture.put("lost", live: 2, candidate: 1)
        try await fixture.put("gap", live: 2, candidate: 1)
        try await fixture.put("sound", live: 2, candidate: differs ? 1 : 2)

        let report = try await fixture.verifier.compare().report
        let model = try #require(report.readModels.first)
        #expect(report.verdict == (differs ? .mismatched : .inconclusive), "\(report)")
        #expect(model.stopped?.documents == ["gap", "lost"] && model.documents == 1)
        #expect(model.stopped?.counts == ["the replication into r2": 1, "projector/m of r2": 1])
        #expect(model.differences.map(\.document) == (differs ? ["sound"] : []) && model.undecided.isEmpty)
        #expect(model.reason?.contains("streams are stopped: ") == true && model.reason?.contains("no customer") == true)
        #expect(abs(report.coverage - 1.0 / 3) < 0.001)
        #expect(fixture.notes.list.contains { $0.contains("'gap' at projector/m of r2: stream 'gap' has a gap") })
        #expect(report.readModels.contains { $0.reason?.contains("'lost' at the replication into r2: no customer") == true })
    }

    @Test func `in the pause a read model that can't be read hides no difference of another`() async throws {
        let fixture = try await Self.fixture(
            liveModels: ["lost", "m"], candidateModels: ["lost", "m"],
            parity: [.readModel("lost", .exact), .readModel("m", .exact)])
        let store = fixture.store
        let span: AttributeValue = .m(["a": .l([.int(0), .int(1)])])
        try await store.dynamo.write(
            .put(
                store.names.ledger,
                ["shard": .s("touched/r2/0"), "item": .s(ULID.next()), "sources": span, "targets": span]))
        try await fixture.put("a", live: 2, candidate: 1)
        try await store.dynamo.deleteTable(store.names.release("r2").readModel("lost"))
        let seen = Mutex(Verifier.Recheck())
        await #expect(throws: AWSError.self) {
            _ = try await fixture.verifier.recheckSealed { _ in
                nil
            } seen: { some in
                seen.withLock { $0 = some }
            }
        }
        #expect(seen.withLock { $0 }.verdict == .mismatched)
    }

    @Test func `a document that a stopped stream touched before it stopped is none that it holds back`() async throws {
        let fixture = try await Self.fixture { function, asked in
            guard function.hasSuffix("-r2-m"), let touched = asked.touched else {
                return StubbedFunctions.projector(asked, poison: function.hasSuffix("-r2-m") ? ["stopped"] : [])
            }
            let documents = touched.map { #""\#($0.stream)":\#($0.after < 3 ? #"["early","late"]"# : #"["late"]"#)"# }.joined(
                separator: ",")
            return .json(#"{"documents":{\#(documents)},"faults":[]}"#)
        }
        let store = fixture.store
        try await store.dynamo.write(.put(store.names.release("r2").events, ["aggregateId": "stopped", "version": .int(4)]))
        let consumer = try #require(try await fixture.candidate.projectorConsumers(in: fixture.view.cloud).first)
        try await store.dynamo.write(
            .put(store.names.release("r2").cursors, ["consumer": .s(consumer.cursorKey("stopped")), "version": .int(3)]))
        for document in ["early", "late"] { try await fixture.put(document, live: 2, candidate: 1) }
        let model = try #require(try await fixture.verifier.compare().report.readModels.first)
        #expect(model.stopped?.documents == ["late"] && model.differences.map(\.document) == ["early"])
    }

    @Test func `a read model that only one side has counts as not compared`() async throws {
        let fixture = try await Self.fixture(
            liveModels: ["m", "old"], candidateModels: ["m", "new"], parity: [.readModel("new", .new)])
        for id in ["d-1", "d-2", "d-3"] { try await fixture.put(id, live: 1, candidate: 1) }
        try await fixture.store.dynamo.write(.put(fixture.live.names.readModel("old"), ["id": .s("o-1")]))
        let report = try await fixture.verifier.compare().report
        #expect(report.verdict == .inconclusive && report.documents == 3 && report.total == 4 && report.coverage == 0.75, "\(report)")
    }

    @Test func `where no read model is compared the verdict is that nobody can tell`() async throws {
        let fixture = try await Self.fixture(parity: [.readModel("m", .unchecked(because: "its clock"))])
        let report = try await fixture.verifier.compare().report
        #expect(report.verdict == .inconclusive && report.coverage == 0 && report.unchecked == ["m": "its clock"])
    }

    @Test func `a verdict that isn't kept leaves a note`() async throws {
        let fixture = try await Self.fixture(phase: .verifying)
        let releases = ReleaseStore(dynamo: fixture.store.dynamo, stack: fixture.store.names.stack)
        for record in [fixture.live, fixture.candidate] { try await releases.put(record, routes: [:], fence: fixture.store.fence) }
        #expect(try await fixture.verifier.runAndKeep().verdict == .matched)
        #expect(fixture.notes.list.contains { $0.hasSuffix("a cutover will not build on this comparison") })
        #expect(try await releases.get("r2")?.parity == nil)
    }

    @Test(arguments: ["expected", "candidate"])
    func `a stream of either side of which nobody can tell makes the events inconclusive, and is named`(side: String) async throws {
        let fixture = try await Self.fixture { _, asked in
            guard let compare = asked.compare else { return StubbedFunctions.projector(asked) }
            let untold = compare.side == side ? #"{"aggregateId":"m","reason":"too long"}"# : ""
            return .json(
                #"{"totals":{},"listed":[],"streams":0,"events":0,"later":0,"waiting":{},"gaps":[],"untold":[\#(untold)]}"#)
        }
        let parity = try await EventParityRun(
            view: fixture.view, candidate: fixture.candidate, settle: { StoppedStreams() }, sink: { _ in }
        ).run()
        #expect(parity.verdict == .inconclusive && parity.undecided == ["m"] && parity.reason == "m: too long")
    }
}
