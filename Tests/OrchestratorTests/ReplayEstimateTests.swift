import Testing

@testable import Orchestrator

@Suite struct ReplayEstimateTests {
    /// A million events of 600 bytes in 100,000 streams, one read model.
    private let work = ReplayWork(
        events: 1_000_000, bytes: 600_000_000, streams: 100_000, projections: 1, shards: 64, isMerging: false, memoryMiB: 512,
        timeoutSeconds: 25)

    private func option(_ way: ReplayEstimate.Way, of work: ReplayWork, _ settings: ReplaySettings = .direct) throws
        -> ReplayEstimate.Option
    {
        try #require(ReplayEstimate(work, isMeasured: true, stepFunctions: settings).options.first { $0.way == way })
    }

    private func isNear(_ figure: Double?, _ expected: Double) -> Bool { abs((figure ?? .nan) - expected) < expected / 10_000 }

    /// A scan of 600,000,000 bytes: ÷ 4,096 = 146,484.4, so 146,485 read units. Pages of 1 MiB: 572.2, so 573, each with a checkpoint of
    /// 64 × 160 bytes = 10 KiB, so 10 units: 5,730. A stream has 6,000 bytes: two read units, with a cursor's and a document's four.
    @Test func `units follow from bytes, events, streams and shards`() {
        #expect(work.eventUnits == 1_000_000)
        #expect(work.copyReadUnits == 146_485)
        #expect(work.copyWriteUnits == 1_005_730)
        #expect(work.projectReadUnits == 146_485 + 400_000)
        #expect(work.projectWriteUnits == 400_000)
        #expect(work.projectCalls == 2_000)
    }

    /// Write units 1,405,730 × 0.625 = 0.878581; read units 146,485 + 546,485 = 692,970 × 0.125 = 0.086621. Functions: 1,000,000 ÷ 2,500 = 400 s
    /// and 100,000 ÷ 500 = 200 s of 0.5 GiB = 300 GiB-s × 0.0000166667 = 0.005000; 400 and 2,000 calls × 0.2 = 0.000480. In all 0.970682.
    ///
    /// 1,000,000 units at 4,000 a second (the four workers could do 10,000): 250 s. Cursors: 200,000 units at 4,000 a second, which is what
    /// four projectors come to as well: 50 s; the scan is faster, 600,000,000 ÷ 83,886,080 = 7.2 s. In all 300 s.
    @Test func `the direct engine's cost and time`() throws {
        let direct = try option(.direct, of: work)
        #expect(isNear(direct.dollars, 0.970_682), "\(direct)")
        #expect(direct.seconds == 300 && direct.workers == 4)
    }

    /// As above, but with 400 s ÷ 4 segments ÷ (25 − 8) s = 5.9, so six calls for each of four segments, 24 instead of 400: 0.000075 less. They are
    /// 24 × 2 + 4 + 1 = 53 transitions. The workers of the second pass scan for 600,000,000 ÷ 20,971,520 = 28.6 s, of 0.5 GiB: 0.000238, with one
    /// call for each segment, so 13 transitions: 66 in all × 0.025 ÷ 1,000 = 0.001650. In all 0.972496.
    @Test func `step functions cost their transitions, and fewer calls`() throws {
        let settings = ReplaySettings(engine: .stepFunctions, segments: 4, width: 4)
        let option = try option(.stepFunctions, of: work, settings)
        #expect(isNear(option.dollars, 0.972_496), "\(option)")
        #expect(option.seconds == 300)
    }

    /// 600,000,000 bytes are 0.558794 GiB: × (0.10 + 1.3 × 0.15 = 0.295) = 0.164844. The transform's 400 s of 0.5 GiB: 0.003333. Projecting:
    /// 400,000 × 0.625 + 546,485 × 0.125 = 0.318311, 200 s of 0.5 GiB 0.001667, 2,000 calls 0.000400. In all 0.488555.
    @Test func `export and import spare the events' units, and tell no time`() throws {
        let option = try option(.exportImport, of: work)
        #expect(isNear(option.dollars, 0.488_555), "\(option)")
        #expect(option.seconds == nil)
    }

    /// Staged once more: 2,000,000 + 5,730 write units and 3 × 146,485 read units.
    @Test func `a transform that merges streams writes twice`() throws {
        var merging = work
        merging.isMerging = true
        #expect(merging.copyWriteUnits == 2_005_730 && merging.copyReadUnits == 439_455)
        let difference = try option(.direct, of: merging).dollars - option(.direct, of: work).dollars
        // 1,000,000 × 0.625 + 292,970 × 0.125 = 0.661621; 400 s of 0.5 GiB more: 0.003333; 400 calls: 0.00008.
        #expect(isNear(difference, 0.665_035), "\(difference)")
        #expect(try option(.direct, of: merging).seconds == 550)
    }

    /// 4,000 units a second for half an hour are 7,200,000; 8,000 for the next, 14,400,000; 16,000 …
    @Test func `a new table takes twice as much each half hour, up to its writers or its quota`() {
        #expect(Throughput.seconds(writing: 4_000, most: 100_000) == 1)
        #expect(Throughput.seconds(writing: 1_000, most: 100) == 10)
        #expect(Throughput.seconds(writing: 10_000_000, most: 10_000) == 1_800 + 350)
        // 7,200,000 + 14,400,000 + 28,800,000 + 57,600,000 (32,000 a second) in two hours, then 40,000 a second.
        #expect(Throughput.seconds(writing: 148_000_000, most: 100_000) == 7_200 + 1_000)
    }

    /// 40 workers against 4, both on a table that doubles: 1,000,000,000 units, all of them beyond the first hours at the ceiling.
    @Test func `more workers help where the table lets them`() throws {
        var billion = work
        (billion.events, billion.bytes, billion.streams) = (1_000_000_000, 600_000_000_000, 100_000_000)
        let direct = try option(.direct, of: billion)
        let wide = try option(.stepFunctions, of: billion, ReplaySettings(engine: .stepFunctions, segments: 559, width: 40))
        // Copy: 3,600 s for 21,600,000, then 978,400,000 at 10,000 = 97,840 s. Cursors: 200,000,000 at 4,000 = 50,000 s.
        #expect(direct.seconds == 151_440)
        // Copy: 7,200 s for 108,000,000, then 892,000,000 at 40,000 = 22,300 s. Cursors: 7,200 s for 108,000,000, then 92,000,000 at 40,000 = 2,300 s.
        #expect(wide.seconds == 39_000)
    }

    @Test func `an event of more than a KiB takes more units, and no events take none`() {
        var large = work
        large.bytes = 1_025_000_000
        #expect(large.eventUnits == 2_000_000)
        let none = ReplayWork(
            events: 0, bytes: 0, streams: 0, projections: 0, shards: 1, isMerging: false, memoryMiB: 128, timeoutSeconds: 20)
        let estimate = ReplayEstimate(none, isMeasured: false, stepFunctions: .direct)
        #expect(none.eventUnits == 0 && estimate.options.allSatisfy { ($0.seconds ?? 0) == 0 && $0.dollars < 0.001 })
    }
}
