import Testing

@testable import FireDrill

@Suite struct FaultPlanTests {
    private let put = Operation(.target("dynamodb"), "PutItem")
    private let list = Operation(.rest("lambda"), "GET functions")

    @Test func `the same seed, run, call and operation meet the same fault`() {
        func faults(seed: UInt64, run: Int) -> [Fault?] {
            let plan = FaultPlan(seed: seed)
            return (1...20_000).map { plan.fault(.tool, run: run, call: $0, operation: put) }
        }
        #expect(faults(seed: 7, run: 3) == faults(seed: 7, run: 3))
        #expect(faults(seed: 7, run: 3) != faults(seed: 8, run: 3))
        #expect(faults(seed: 7, run: 3) != faults(seed: 7, run: 4))
    }

    @Test func `a seed means the same in every process`() {
        let plan = FaultPlan(seed: 1)
        #expect(plan.kill(run: 1, attempt: 1, calls: 100) == nil)
        #expect(plan.functionKill(run: 1, number: 1).milliseconds == 6_049)
        #expect((1...3).map { plan.story(cycle: $0, ofCloud: 0) } == [.return, .return, .return])
    }

    @Test func `every kind of fault happens, about as often as its rate says`() {
        let plan = FaultPlan(seed: 5)
        let calls = 200_000
        var counts: [Fault.Kind: Int] = [:]
        for call in 1...calls {
            if let fault = plan.fault(.tool, run: 1, call: call, operation: put) { counts[fault.kind, default: 0] += 1 }
        }
        for (kind, rate) in FaultRates.tool.table(put) {
            let count = Double(counts[kind, default: 0])
            let expected = rate * Double(calls)
            #expect(count > expected - 4 * expected.squareRoot() && count < expected + 4 * expected.squareRoot(), "\(kind): \(count)")
        }
    }

    @Test func `the rates that are told are those of an operation that can meet every kind`() {
        for rates in [FaultRates.tool, .function] {
            #expect(rates.byKind.map(\.0) == rates.table(put).map(\.0) && rates.byKind.map(\.1) == rates.table(put).map(\.1))
        }
    }

    @Test func `only writes to DynamoDB meet another transaction`() {
        let plan = FaultPlan(seed: 5)
        #expect(!(1...50_000).contains { plan.fault(.tool, run: 1, call: $0, operation: list)?.kind == .conflict })
    }

    @Test func `a command that is run again and again is left alone in the end`() {
        let plan = FaultPlan(seed: 5)
        let kills = (1...1_000).map { plan.kill(run: $0, attempt: 1, calls: 50) }
        #expect(kills.contains { $0 == nil })
        #expect(Set(kills.compactMap { $0?.moment }) == Set(Kill.Moment.allCases))
        #expect(kills.allSatisfy { $0.map { (1...50).contains($0.call) } ?? true })
        #expect((1...1_000).allSatisfy { plan.kill(run: $0, attempt: 4, calls: 50) == nil })
    }

    @Test func `a sample has every operation before it has one twice, and all calls where no size is given`() {
        let calls = Array(repeating: put, count: 97) + [list, Operation(.s3, "PUT"), Operation(.domain, "GET")]
        #expect(KillSample.of(calls, nil, seed: 1).count == 300)
        let sample = KillSample.of(calls, 4, seed: 1)
        #expect(Set(sample.map { calls[$0.call - 1] }).count == 4)
        #expect(sample == KillSample.of(calls, 4, seed: 1) && sample != KillSample.of(calls, 4, seed: 2))
    }
}
