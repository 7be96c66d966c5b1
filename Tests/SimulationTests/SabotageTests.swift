import Testing

@testable import Simulation

/// A check that can't fail proves nothing: each promise that is broken on purpose must show, by the invariant that rests on it.
@Suite struct SabotageTests {
    static let expected: [(Sabotage, Set<Invariant>)] = [
        // A request that no seal stops ends none either.
        (.ignoresSeals, [.oneOwner, .sealsEnd]),
        (.ignoresEpochs, [.oneOwner]),
        (.ignoresOwners, [.oneOwner]),
        (.overwritesEvents, [.durable]),
        (.ignoresReplicaCursors, [.resumable, .contiguous]),
        (.ignoresClaims, [.effects]),
        (.ignoresRevisions, [.readModels]),
        (.halfTransactions, [.oneOwner, .contiguous, .resumable, .readModels]),
        (.losesOutbox, [.totals, .resumable]),
        (.staleReads, [.durable, .totals, .resumable, .effects]),
        (.forgedOrigins, [.effects]),
        (.forgetsJournal, [.effects]),
        (.misplacedAnswers, [.idempotent]),
        (.untrueAnswers, [.truthful]),
        (.losesForwarded, [.noRequestFails]),
    ]

    @Test(arguments: expected)
    func `a broken promise shows`(_ sabotage: Sabotage, _ invariants: Set<Invariant>) async throws {
        let report = await Explorer(firstSeed: 1, threads: 1, sabotage: sabotage).run(schedules: 500, seconds: 300, failures: 1)
        let failure = try #require(report.failures.first, "nothing showed in \(report.schedules) schedules")
        #expect(invariants.map(\.rawValue).contains(failure.invariant), "seed \(failure.seed): \(failure.detail)")
    }

    @Test func `every sabotage has its test`() {
        // These two show only after tens of thousands of schedules: a participant must sleep through one handover and wake in the next.
        let rare: Set<Sabotage> = [.ignoresHandoverIDs, .ignoresRecordStates]
        #expect(Set(Self.expected.map(\.0)).union(rare) == Set(Sabotage.allCases))
    }

    @Test func `where no seal stops requests, some schedule ends with a seal that nobody has lifted`() async {
        let report = await Explorer(firstSeed: 1, threads: 1, sabotage: .ignoresSeals).run(schedules: 500, seconds: 300, failures: 100)
        #expect(report.failures.contains { $0.invariant == Invariant.sealsEnd.rawValue })
    }

    @Test func `every invariant is among those by which a broken promise shows`() {
        let shown = Self.expected.reduce(into: Set<Invariant>()) { $0.formUnion($1.1) }
        #expect(shown == Set(Invariant.allCases))
    }
}
