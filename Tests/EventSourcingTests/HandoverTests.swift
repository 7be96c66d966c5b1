import EventSourcing
import Foundation
import Testing

@Suite struct HandoverTests {
    private let deadline = Date(timeIntervalSince1970: 1000)
    private var mark: HandoverMark { HandoverMark(id: "h-1", to: "r2", deadline: deadline) }

    private func record(_ state: HandoverRecord.State, id: String = "h-1", kind: HandoverRecord.Kind = .cutover) -> HandoverRecord {
        HandoverRecord(id: id, kind: kind, from: "r1", to: "r2", state: state, deadline: deadline, epochs: [1], startedAt: deadline - 10)
    }

    @Test(arguments: [
        (HandoverRecord.State.sealing, -5.0, ParticipantStep.wait), (.sealing, 0, .wait), (.sealing, 0.001, .abort),
        (.sealing, 3600, .abort),
        (.promoting, -5, .promote), (.promoting, 3600, .promote), (.completed, -5, .unseal), (.completed, 3600, .unseal),
        (.aborted, -5, .unseal), (.aborted, 3600, .unseal),
    ])
    func `a participant acts on the record alone`(state: HandoverRecord.State, seconds: Double, step: ParticipantStep) {
        #expect(ParticipantStep.next(for: mark, record: record(state), now: deadline + seconds) == step)
    }

    @Test func `a seal whose record is gone, or another's, is removed`() {
        #expect(ParticipantStep.next(for: mark, record: nil, now: deadline) == .unseal)
        for state in [HandoverRecord.State.sealing, .promoting, .completed, .aborted] {
            #expect(ParticipantStep.next(for: mark, record: record(state, id: "h-2"), now: deadline) == .unseal)
        }
    }

    @Test func `the record's deadline counts, not the seal's`() {
        let seal = HandoverMark(id: "h-1", to: "r2", deadline: deadline - 100)
        #expect(ParticipantStep.next(for: seal, record: record(.sealing), now: deadline - 1) == .wait)
    }

    @Test func `only completed and aborted have ended`() {
        #expect([HandoverRecord.State.sealing, .promoting, .completed, .aborted].map(\.hasEnded) == [false, false, true, true])
    }

    @Test func `a cutover's commits go back by the outbox and a rollback's go nowhere`() {
        #expect(record(.promoting).outboxAfter == "r1")
        #expect(record(.promoting, kind: .rollback).outboxAfter == nil)
    }

    @Test func `equal totals are the proof`() {
        let owner = Totals(events: 42, digest: 7)
        #expect(ShardProof(shard: 17, owner: owner, replicated: owner).holds)
        let behind = ShardProof(shard: 17, owner: owner, replicated: Totals(events: 41, digest: 7))
        #expect(!behind.holds)
        #expect(behind.summary == "shard 0017: 41 of 42 events")
        let wrong = ShardProof(shard: 17, owner: owner, replicated: Totals(events: 42, digest: 8))
        #expect(!wrong.holds)
        #expect(wrong.summary == "shard 0017: 42 of 42 events, digests differ")
    }

    @Test func `progress counts a dropped event on the source's side alone`() {
        let shards = ShardMap(count: 64)
        let event = StoredEvent.sample()
        var progress = ShardProgress.zero
        progress.add(source: event, copies: [], on: shards)
        #expect(progress == ShardProgress(source: Totals(of: [event]), targets: [:]))
        progress.add(source: .sample(version: 2), copies: [.sample("case-10011")], on: shards)
        #expect(progress.targets == [45: Totals(of: [.sample("case-10011")])])
    }

    @Test func `contributions of all shards add up per target shard`() {
        let one = ShardProgress(source: .zero, targets: [0: Totals(events: 1, digest: 1), 2: Totals(events: 2, digest: 2)])
        let other = ShardProgress(source: .zero, targets: [2: Totals(events: 3, digest: 3), 99: Totals(events: 9, digest: 9)])
        let sums = [Totals(events: 1, digest: 1), .zero, Totals(events: 5, digest: 5)]
        #expect(ShardProgress.targetTotals([one, other], count: 3) == sums)
        #expect((one + other).targets[2] == Totals(events: 5, digest: 5))
    }
}
