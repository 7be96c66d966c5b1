import AWS
import EventStore
import Testing

@testable import Orchestrator

/// Streams that can't be brought up to date, and what they hold back.
@Suite struct StoppedStreamsTests {
    private static let here = StoppedStreams.Place.projector(readModel: "m", release: "r2")
    private static let elsewhere = StoppedStreams.Place.projector(readModel: "n", release: "r2")
    private static let outside = StoppedStreams.Place.replication(into: "r2")

    private func stopped(_ streams: [String], at place: StoppedStreams.Place = Self.here) -> StoppedStreams {
        var stopped = StoppedStreams()
        for stream in streams { stopped.stop(stream, at: place, because: "poison") }
        return stopped
    }

    @Test func `all are counted, the first are remembered, and the first few are named`() {
        let many = stopped((0..<1_204).map { "s-\($0)" })
        #expect(many.count == 1_204 && many.reasons.count == StoppedStreams.limit && !many.isWhole)
        let summary = many.summary
        #expect(summary.hasPrefix("1204 at projector/m of r2, e.g. 's-0' at projector/m of r2: poison; "))
        #expect(summary.hasSuffix("; and 1201 more"))
        var both = stopped(["a"], at: Self.outside)
        both.add(many)
        #expect(both.count == 1_205)
        both.add(stopped(["a"], at: Self.outside))
        #expect(both.counts == [Self.outside: 1, Self.here: 1_204])
    }

    @Test func `a read model is held back by its own projectors and by the replication`() {
        var all = stopped(["a"])
        all.add(stopped(["b"], at: Self.elsewhere))
        all.add(stopped(["c"], at: Self.outside))
        #expect(all.concerning("m").streams == ["a", "c"])
        #expect(all.concerning("o").streams == ["c"])
    }

    private func sighting(_ live: String?, _ candidate: String?, source: String? = nil) -> ReadModelComparison.Sighting {
        .init(
            livePosition: live.map { .init(revision: 1, event: $0) }, candidatePosition: candidate.map { .init(revision: 1, event: $0) },
            candidateSource: source ?? candidate)
    }

    @Test func `a document is held back where a stopped stream touches it, or was the last on either side`() {
        let held = HeldBack(by: stopped(["a"]), documents: ["monday"])
        #expect(held.contains("monday", sighting("b@1", "b@1")))
        #expect(held.contains("d", sighting("a@2", "b@1")) && held.contains("d", sighting("b@1", "a@2")))
        #expect(held.contains("d", sighting("b@1", "renamed@2", source: "a@2")))
        #expect(!held.contains("d", sighting("b@2", "b@1")) && !held.contains("d", sighting(nil, "b@1")))
        #expect(!HeldBack().contains("d", sighting("a@2", "b@1")))
    }

    @Test func `where not every document of the stopped streams is known, only one at one position differs for certain`() {
        let held = HeldBack(by: stopped(["a"]), documents: [], isWhole: false)
        #expect(held.contains("d", sighting("b@2", "b@1")) && held.contains("d", sighting("b@2", nil)))
        #expect(!held.contains("d", sighting("b@2", "b@2")))
    }

    @Test func `a stream that lacks a version stops alone, and so does one with a poisonous event beside it`() async throws {
        let cloud = Cloud.stub(StubbedFunctions { _, asked in StubbedFunctions.projector(asked, gaps: ["b"], poison: ["d"]) })
        let consumer = StreamConsumer(name: "projector/m", function: "f", ownEventsOnly: false)
        let faults = try await FunctionCall(cloud: cloud).hintEach(consumer, ["a", "b", "c", "d", "e"])
        #expect(faults.map(\.aggregateId).sorted() == ["b", "d"])
        #expect(faults.first { $0.aggregateId == "b" }?.error == "stream 'b' has a gap")
    }

    @Test func `a sweep tells of every stream that can't be replicated, and the one before a handover throws`() async throws {
        let cloud = Cloud.stub(
            StubbedFunctions { _, asked in
                let shard = asked.sweep?.first ?? 0
                return .json(#"{"events":2,"failures":{"s-\#(shard)":"poison"},"stoppedAt":{}}"#)
            })
        let sweeper = Sweeper(cloud: cloud, function: "f")
        let result = try await sweeper.run(0..<4)
        #expect(result.events == 8 && result.failures.keys.sorted() == ["s-0", "s-1", "s-2", "s-3"])
        let error = await #expect(throws: SweepFailed.self) { try await sweeper.sweep(0..<4) }
        #expect(error?.stream == "s-0" && error?.others == 3)
        let frugal = Sweeper(cloud: cloud, function: "f", fewestTogether: OutboxSweep.width)
        #expect(try await frugal.run(0..<8).failures.keys.sorted() == ["s-0"])
        #expect(try await frugal.run(0..<64).failures.keys.sorted() == ["s-0", "s-16", "s-32", "s-48"])
    }

    private func evidence(_ functions: StubbedFunctions) async throws -> ParityReport.Evidence? {
        let suspect = DocumentWatch.Suspect(sighting: sighting("live@3", "copy@2"), differences: [])
        return try await DocumentEvidence(cloud: .stub(functions), projector: "f").gather([(key: "d", value: suspect)]).first
    }

    @Test func `evidence names the streams that it comes from, and leaves a note where there is none`() async throws {
        let told = try await evidence(StubbedFunctions { _, asked in StubbedFunctions.projector(asked) })
        #expect(told?.events == ["copy@1 Happened", "live@1 Happened"])
        #expect(told?.streams == ["copy", "live"] && told?.note == nil)
        let failed = try await evidence(StubbedFunctions { _, _ in .failure(type: "Broken", "no such document") })
        #expect(failed?.events == [] && failed?.streams == nil && failed?.note == "Broken: no such document")
        #expect(failed?.live?.event == "live@3")
        let older = try await evidence(StubbedFunctions { _, _ in .json(#"{"batchItemFailures":[]}"#) })
        #expect(older?.note == "'f' doesn't know the question")
    }
}
