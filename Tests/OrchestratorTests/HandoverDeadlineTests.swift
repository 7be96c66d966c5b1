import AWS
import EventSourcing
import EventStore
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Orchestrator

/// Deadlines that pass, and clocks that are wrong.
extension HandoverPhases {
    @Test(arguments: [Phase.sealing, .sealed, .draining], kinds)
    func `where the deadline passes before the decision, nothing moves and the writes go on`(
        phase: Phase, kind: HandoverRecord.Kind
    ) async throws {
        let store = try await Self.prepared(for: kind)
        let handover = try await Self.handover(store, kind, sealsAlone: phase == .sealing) {
            if $0 == phase { try await Self.meet(store, late: 11) }
        }
        let error = await #expect(throws: HandoverAborted.self) { try await handover.start() }
        #expect(error?.record.state == .aborted)
        try await Self.expect(store, kind, isDecided: false)
    }

    @Test func `an undecided handover whose time is over is not gone on with: what was checked before it may no longer hold`() async throws
    {
        let store = try await Self.prepared()
        try await Self.killed(in: .sealing, store)
        let left = try #require(try await store.handovers.current())
        func next(_ now: Date) async throws -> HandoverResumption {
            try await HandoverResumption.next(for: .cutover, current: left, from: .live, to: .candidate, now: now).expired(
                in: store.handovers)
        }
        #expect(try await next(left.deadline.addingTimeInterval(-2)) == .finish(left))
        #expect(try await next(left.deadline) == .begin(liftingSeals: true))
        try await store.ledger.liftEndedSeals(store.handovers)
        try await Self.expect(store, owner: "r1", epoch: 2)
    }

    @Test func `a rollback waits for a cutover that is sealing, and ends one whose time is over`() async throws {
        let store = try await Self.prepared()
        try await Self.killed(in: .sealing, store)
        let left = try #require(try await store.handovers.current())
        func next(_ now: Date) async throws -> HandoverResumption {
            try await HandoverResumption.next(for: .rollback, current: left, from: .live, to: .candidate, now: now).expired(
                in: store.handovers)
        }
        await #expect(throws: HandoverUnfinished.self) { try await next(left.deadline.addingTimeInterval(-2)) }
        #expect(try await next(left.deadline) == .begin(liftingSeals: true))
    }

    @Test func `an orchestrator whose clock is set back in the pause sees that requests have ended its handover`() async throws {
        let store = try await Self.prepared()
        struct Endless: Error {}
        let sweeps = Mutex(0)
        let clock = ClientClock(
            now: { Self.start.addingTimeInterval(sweeps.withLock { $0 } > 0 ? -3_600 : 0) }, sleep: ClientClock.system.sleep,
            random: ClientClock.system.random)
        let handover = try await Self.handover(store, clock: clock) { phase in
            guard phase == .draining else { return }
            let sweep = sweeps.withLock { count in
                count += 1
                return count
            }
            // By this clock there is an hour left.
            if sweep > 20 { throw Endless() }
            guard sweep == 1 else { return }
            try await Self.meet(store, late: 11)
            // More than was sealed is copied from now on.
            for stream in Self.streams { try await store.commit("r1", stream, after: 2) }
        }
        let error = await #expect(throws: HandoverAborted.self) { try await handover.start() }
        #expect(error?.record.reason?.contains("deadline") == true)
        #expect(sweeps.withLock { $0 } <= 20)
        try await Self.expect(store, owner: "r1", epoch: 2, after: 3)
    }

    @Test func `an orchestrator whose clock is an hour behind is past its own deadline: requests abort it, and nothing moves`() async throws
    {
        let store = try await Self.prepared()
        let handover = try await Self.handover(store, clock: Self.clock(-3_600)) {
            if $0 == .draining { try await Self.meet(store) }
        }
        await #expect(throws: HandoverAborted.self) { try await handover.start() }
        try await Self.expect(store, owner: "r1", epoch: 2)
    }

    @Test func `a dead orchestrator whose clock was an hour ahead blocks the writes no longer than a seal may last`() async throws {
        let store = try await Self.prepared()
        try await Self.killed(in: .draining, store, clock: Self.clock(3_600))
        try await Self.meet(store, waited: 9.9)
        #expect(try await store.handovers.current()?.state == .sealing)
        try await Self.meet(store, waited: 10.1)
        #expect(try await store.handovers.current()?.state == .aborted)
        try await Self.expect(store, owner: "r1", epoch: 2)
    }
}
