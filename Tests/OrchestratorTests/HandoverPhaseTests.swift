import AWS
import EventSourcing
import EventStore
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Orchestrator

/// Deaths, aborts and other orchestrators.
extension HandoverPhases {
    @Test func `where the comparison in the pause refuses, nothing moves and the writes go on`() async throws {
        struct Differs: Error {}
        let store = try await Self.prepared()
        let handover = try await Self.handover(
            store,
            compare: { _ in
                // Nothing is committed any more, and everything is there.
                for head in try await store.ledger.heads() { #expect(head.handover != nil && head.owner == "r1") }
                #expect(try await store.reader("r2").load("a").map(\.version) == [1, 2])
                throw Differs()
            })
        let error = await #expect(throws: HandoverAborted.self) { try await handover.start() }
        #expect(error?.record.state == .aborted && error?.record.reason?.contains("Differs") == true)
        try await Self.expect(store, owner: "r1", epoch: 2)
    }

    @Test(arguments: [0.0, 11], kinds)
    func `requests that meet a decided handover promote their shards, before its deadline and after, and it completes`(
        late: TimeInterval, kind: HandoverRecord.Kind
    ) async throws {
        let store = try await Self.prepared(for: kind)
        let handover = try await Self.handover(store, kind) { phase in
            guard phase == .promoting else { return }
            try await Self.meet(store, late: late)
            // By the requests alone: the orchestrator has promoted nothing yet.
            for head in try await store.ledger.heads() { #expect(head.owner == Self.owners(of: kind).new && head.handover == nil) }
        }
        #expect(try await handover.start().0.state == .completed)
        try await Self.expect(store, kind, isDecided: true)
    }

    @Test(arguments: Phase.allCases, kinds)
    func `an orchestrator that dies leaves a handover that the same command completes`(
        phase: Phase, kind: HandoverRecord.Kind
    ) async throws {
        let store = try await Self.prepared(for: kind)
        try await Self.killed(in: phase, store, kind)
        let left = try #require(try await store.handovers.current())
        #expect(left.state == (phase == .promoting ? .promoting : .sealing))
        #expect(try await Self.handover(store, kind).finish(left).0.state == .completed)
        try await Self.expect(store, kind, isDecided: true)
    }

    @Test(arguments: Phase.allCases, kinds)
    func `an orchestrator that dies and isn't run again leaves a handover that requests end`(
        phase: Phase, kind: HandoverRecord.Kind
    ) async throws {
        let store = try await Self.prepared(for: kind)
        try await Self.killed(in: phase, store, kind)
        let left = try await store.ledger.heads()
        #expect(left.allSatisfy { $0.owner == Self.owners(of: kind).old })
        let sealed = left.count { $0.handover != nil }
        #expect(phase == .sealing ? sealed > 0 : sealed == left.count)
        try await Self.meet(store, late: 11)
        let isDecided = phase == .promoting
        #expect(try await store.handovers.current()?.state == (isDecided ? .promoting : .aborted))
        try await Self.expect(store, kind, isDecided: isDecided)
    }

    @Test(arguments: [Phase.sealing, .sealed, .draining])
    func `an abort from outside before the decision ends the handover`(phase: Phase) async throws {
        let store = try await Self.prepared()
        let handover = try await Self.handover(store, sealsAlone: phase == .sealing) { now in
            guard now == phase, let record = try await store.handovers.current() else { return }
            #expect(try await store.handovers.abort(record, because: "a person said so").state == .aborted)
        }
        let error = await #expect(throws: HandoverAborted.self) { try await handover.start() }
        #expect(error?.record.reason == "a person said so")
        try await Self.expect(store, owner: "r1", epoch: 2)
    }

    @Test func `an abort from outside after the decision is refused`() async throws {
        let store = try await Self.prepared()
        let handover = try await Self.handover(store) { now in
            guard now == .promoting, let record = try await store.handovers.current() else { return }
            #expect(try await store.handovers.abort(record, because: "too late").state == .promoting)
        }
        #expect(try await handover.start().0.state == .completed)
        try await Self.expect(store, owner: "r2", epoch: 3)
    }

    @Test func `of two orchestrators that start at once one begins, and the other is told by whom`() async throws {
        let store = try await Self.prepared()
        let second = try await Self.handover(store)
        let first = try await Self.handover(store) { now in
            guard now == .draining else { return }
            let error = await #expect(throws: HandoverUnfinished.self) { try await second.start() }
            #expect(error?.record.state == .sealing)
        }
        #expect(try await first.start().0.state == .completed)
        try await Self.expect(store, owner: "r2", epoch: 3)
    }

    @Test(arguments: Phase.allCases)
    func `two orchestrators that work on one handover complete it once`(phase: Phase) async throws {
        let store = try await Self.prepared()
        let second = try await Self.handover(store)
        let first = try await Self.handover(store, sealsAlone: phase == .sealing) { now in
            guard now == phase, let record = try await store.handovers.current(), !record.state.hasEnded else { return }
            #expect(try await second.finish(record).0.state == .completed)
        }
        #expect(try await first.start().0.state == .completed)
        try await Self.expect(store, owner: "r2", epoch: 3)
    }

    @Test func `with a stale fencing token no handover begins`() async throws {
        let store = try await Self.prepared()
        let handover = try await Self.handover(store, fence: store.lostFence)
        await #expect(throws: LockLost.self) { try await handover.start() }
        #expect(try await store.handovers.current() == nil)
        try await Self.expect(store, owner: "r1", epoch: 2)
    }
}
