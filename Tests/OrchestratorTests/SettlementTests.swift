import AWS
import EventSourcing
import EventStore
import Foundation
import TestSupport
import Testing

@testable import Orchestrator

/// What follows a completed handover, by a process that loses the stack's lock on the way: from then on it writes nothing.
@Suite(.localCloud) struct SettlementTests {
    enum Moment: CaseIterable, Sendable { case beginning, confirming, stopping, clearing, saving, advancing }

    private static func settle(
        _ stack: TwoReleases, seenAs dynamo: (any ItemStore)? = nil, address: FixedAddress = FixedAddress(release: "r2"),
        stopping: @escaping @Sendable () async throws -> Void = {}
    ) async throws {
        let name = stack.store.names.stack
        let record = HandoverRecord(
            id: "h", kind: .cutover, from: "r1", to: "r2", state: .completed, deadline: Date(), epochs: [2, 2], startedAt: Date())
        let receipt = Receipt(
            id: "h", kind: "cutover", stack: name, from: "r1", to: "r2", at: "", guardrails: [], fromTotals: .zero, toTotals: .zero,
            pauseMilliseconds: 0, steps: [:])
        let seen: any ItemStore = dynamo ?? stack.store.dynamo
        try await HandoverSettlement(
            ledger: stack.ledger(seen), releases: ReleaseStore(dynamo: seen, stack: name), lock: stack.lock, router: address,
            stopReplicator: stopping
        ).run(record, from: try await stack.release("r1"), to: try await stack.release("r2"), receipt: receipt)
    }

    private static func receipts(_ stack: TwoReleases) async throws -> Int {
        try await Receipt.all(stack.store.dynamo, stack.store.names.stack).count
    }

    @Test func `undisturbed, the old owner's outbox is cleared, the receipt kept, and the states change`() async throws {
        let stack = try await TwoReleases.make()
        #expect(try await stack.waiting() == [2])
        try await Self.settle(stack)
        #expect(try await stack.waiting().isEmpty)
        #expect(try await Self.receipts(stack) == 1)
        #expect(try await stack.releases.all().map(\.state) == [.previous, .live])
    }

    @Test(arguments: Moment.allCases)
    func `from the moment that the lock is lost nothing is written`(moment: Moment) async throws {
        let stack = try await TwoReleases.make()
        let late = stack.heldUp(before: { write in
            switch write.action {
            case .delete: return moment == .clearing && write.deletesOutbox
            case .put(let item): return moment == .saving && item["receipt"] != nil
            case .update(let key, _): return moment == .advancing && key["item"]?.string?.hasPrefix("release#") == true
            case .check: return false
            }
        })
        if moment == .beginning { _ = try await stack.takenOver() }
        let address = FixedAddress(
            release: "r1", routing: { if moment == .beginning { Issue.record("the address was led elsewhere without the lock") } },
            confirming: { if moment == .confirming { _ = try await stack.takenOver() } })
        await #expect(throws: LockLost.self) {
            try await Self.settle(
                stack, seenAs: late, address: address, stopping: { if moment == .stopping { _ = try await stack.takenOver() } })
        }
        let isCleared = moment == .saving || moment == .advancing
        #expect(try await stack.waiting() == (isCleared ? [] : [2]))
        #expect(try await Self.receipts(stack) == (moment == .advancing ? 1 : 0))
        #expect(try await stack.releases.all().map(\.state) == [.live, .candidate])
    }

    @Test func `a settlement that is held up while the next candidate is cut deletes nothing of that one's outbox`() async throws {
        let stack = try await TwoReleases.make()
        let late = stack.heldUp(before: { $0.deletesOutbox }, meanwhile: { try await stack.followedByThird($0) })
        await #expect(throws: LockLost.self) { try await Self.settle(stack, seenAs: late) }
        #expect(try await stack.waiting() == [3])
        #expect(try await stack.releases.all().map(\.state) == [.live, .aborted])
    }
}
