import AWS
import EventSourcing
import EventStore
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Orchestrator

/// What becomes of a handover that is disturbed in each of its phases. Two shards, r1 live with four streams, r2 its proven candidate; of a
/// rollback r2 has taken the writes over.
@Suite(.localCloud) struct HandoverPhaseTests {
    enum Phase: CaseIterable, Sendable {
        /// One by one, as another transaction stood in the way of them all; or all in one.
        case sealing, sealed
        case draining
        /// Decided, and no shard is promoted yet.
        case promoting
    }

    static let kinds: [HandoverRecord.Kind] = [.cutover, .rollback]
    private static let streams = ["a", "b", "c", "d"]

    struct Killed: Error {}

    /// Time stands still: how long a call takes on this machine has no part in what a deadline does.
    private static func clock(_ shift: TimeInterval = 0) -> ClientClock {
        let now = start.addingTimeInterval(shift)
        return ClientClock(now: { now }, sleep: ClientClock.system.sleep, random: ClientClock.system.random)
    }

    private static let start = Date()

    /// The owner's last commit of each stream is yet to be drained.
    private static func prepared(for kind: HandoverRecord.Kind = .cutover) async throws -> StoreFixture {
        let store = try await StoreFixture.make()
        for stream in streams { try await store.commit("r1", stream, after: 0) }
        try await store.cut()
        _ = try await store.replay()
        for stream in streams { try await store.commit("r1", stream, after: 1) }
        if kind == .rollback {
            #expect(try await handover(store).start().0.state == .completed)
            for stream in streams { try await store.commit("r2", stream, after: 2) }
        }
        return store
    }

    /// The handover r1 → r2, or back, by an orchestrator that lives by `clock`, and of which `during` is told in each phase. One that is
    /// killed in a phase writes nothing from then on. `sealsAlone`: it can seal no two heads together.
    private static func handover(
        _ store: StoreFixture, _ kind: HandoverRecord.Kind = .cutover, clock: ClientClock = clock(), fence: Write? = nil,
        killedIn deadly: Phase? = nil, sealsAlone: Bool = false, during: @escaping @Sendable (Phase) async throws -> Void = { _ in },
        compare: (@Sendable (Duration) async throws -> Void)? = nil, reading: @escaping HookedStore.Reading = { _, items in items },
        told: @escaping HookedStore.Hook = { _ in }
    ) async throws -> HandoverRun {
        let life = Life()
        @Sendable func reached(_ phase: Phase) async throws {
            if phase == deadly { life.end() }
            try life.check()
            try await during(phase)
        }
        let hooked = HookedStore(
            store.dynamo, clock: clock,
            before: { writes in
                try life.check()
                try await told(writes)
                // Before it: one transaction promotes every shard, and after it no request meets a seal.
                if update(writes).contains("#owner = :to") { try await reached(.promoting) }
                if sealsAlone, seals(writes), writes.count > 1 {
                    throw DynamoDBError.transactionCancelled(writes.map { _ in CancellationReason(code: "TransactionConflict") })
                }
            }, after: { writes in if seals(writes) { try await reached(writes.count > 1 ? .sealed : .sealing) } },
            found: reading)
        let ledger = Ledger(dynamo: hooked, names: store.names, shards: store.shards)
        let handovers = HandoverStore(dynamo: hooked, stack: store.names.stack)
        let route = try await Self.route(kind, ledger, handovers)
        return HandoverRun(
            ledger: ledger, handovers: handovers, route: route, fence: fence ?? store.fence,
            sweep: { shards, _ in
                // Before there is a record nothing gets through, so that the drain has all of it to do.
                guard try await store.handovers.current()?.kind == kind else { return }
                try await reached(.draining)
                _ = try await OutboxSweep(replicator: store.replicator(from: route.from, to: route.to)).run(shards)
            }, compare: compare, sink: { _ in })
    }

    private static func route(
        _ kind: HandoverRecord.Kind, _ ledger: Ledger, _ handovers: HandoverStore
    ) async throws -> HandoverRoute {
        switch kind {
        case .cutover:
            let cut = try await ledger.heads().map { $0.cut?.totals ?? .zero }
            return try await .cutover(ledger: ledger, from: "r1", to: "r2", replicator: "", replayed: cut, keepsWayBack: true)
        case .rollback:
            return try await .rollback(ledger: ledger, handovers: handovers, from: "r2", to: "r1", replicator: "")
        }
    }

    /// The expression of an update; empty where the first write is none.
    private static func update(_ writes: [Write]) -> String {
        guard case .update(_, let expression)? = writes.first?.action else { return "" }
        return expression
    }

    private static func seals(_ writes: [Write]) -> Bool { update(writes).contains("#handover = :mark") }

    private final class Life: Sendable {
        private let isOver = Mutex(false)

        func end() { isOver.withLock { $0 = true } }

        func check() throws { if isOver.withLock({ $0 }) { throw Killed() } }
    }

    /// How often a request looks at one shard: more than any that gets on.
    private static let looks = 10

    /// A request that meets a seal, by a clock that is `late` seconds ahead.
    private static func meet(_ store: StoreFixture, late: TimeInterval = 0, waited: TimeInterval = 0) async throws {
        let hooked = HookedStore(store.dynamo, clock: clock(late))
        let ledger = Ledger(dynamo: hooked, names: store.names, shards: store.shards)
        let participant = Participant(ledger: ledger, handovers: HandoverStore(dynamo: hooked, stack: store.names.stack))
        for shard in store.shards.all {
            for _ in 0..<looks {
                let head = try await ledger.head(shard)
                guard head.handover != nil, try await participant.step(head, waited: waited) else { break }
            }
        }
    }

    /// Every shard is `owner`'s and open, and a write there succeeds.
    private static func expect(
        _ store: StoreFixture, owner: String, epoch: Int, after version: Int = 2, _ place: SourceLocation = #_sourceLocation
    ) async throws {
        for head in try await store.ledger.heads() {
            #expect(head.owner == owner && head.handover == nil && head.epoch == epoch, sourceLocation: place)
        }
        for stream in streams { try await store.commit(owner, stream, after: version) }
        #expect(try await store.reader(owner).load("a").map(\.version) == Array(1...version + 1), sourceLocation: place)
    }

    /// The same of a handover's end.
    private static func expect(
        _ store: StoreFixture, _ kind: HandoverRecord.Kind, isDecided: Bool, _ place: SourceLocation = #_sourceLocation
    ) async throws {
        switch kind {
        case .cutover: try await expect(store, owner: isDecided ? "r2" : "r1", epoch: isDecided ? 3 : 2, place)
        case .rollback: try await expect(store, owner: isDecided ? "r1" : "r2", epoch: isDecided ? 4 : 3, after: 3, place)
        }
    }

    private static func owners(of kind: HandoverRecord.Kind) -> (old: String, new: String) {
        kind == .cutover ? ("r1", "r2") : ("r2", "r1")
    }

    @Test func `undisturbed, every shard changes its owner once and every event goes with it`() async throws {
        let store = try await Self.prepared()
        let (record, _) = try await Self.handover(store).start()
        #expect(record.state == .completed)
        #expect(record.toTotals.reduce(.zero, +).events == 8)
        try await Self.expect(store, owner: "r2", epoch: 3)
    }

    @Test(arguments: [(sealsAlone: false, seals: 1), (true, 3)])
    func `all shards are sealed by one transaction, or where that fails one by one`(sealsAlone: Bool, seals: Int) async throws {
        let store = try await Self.prepared()
        let tries = Mutex(0)
        let handover = try await Self.handover(store, sealsAlone: sealsAlone, told: { if Self.seals($0) { tries.withLock { $0 += 1 } } })
        #expect(try await handover.start().0.state == .completed)
        #expect(tries.withLock { $0 } == seals)
        try await Self.expect(store, owner: "r2", epoch: 3)
    }

    @Test func `one that is interrupted while it seals leaves no seal`() async throws {
        let store = try await Self.prepared()
        let running = Mutex<Task<HandoverRecord.State, any Error>?>(nil)
        let late = Mutex<Task<Void, any Error>?>(nil)
        let handover = try await Self.handover(
            store,
            told: { writes in
                guard Self.seals(writes), writes.count > 1 else { return }
                try await until("the handover can be interrupted") { running.withLock { $0 != nil } }
                running.withLock { $0?.cancel() }
                guard Task.isCancelled else { return }
                // Its caller gives a call up, and it is carried out all the same.
                let landing = Task {
                    try await until("the handover has ended") { try await store.handovers.current()?.state == .aborted }
                    try await until("no seal is left") { try await store.ledger.heads().allSatisfy { $0.handover == nil } }
                    try await store.dynamo.transact(writes)
                }
                late.withLock { $0 = landing }
                throw CancellationError()
            })
        let run = Task { try await handover.start().0.state }
        running.withLock { $0 = run }
        await #expect(throws: HandoverAborted.self) { try await run.value }
        try await late.withLock { $0 }?.value
        try await Self.expect(store, owner: "r1", epoch: 2)
    }

    @Test func `a seal that is left over is lifted before the pause`() async throws {
        let store = try await Self.prepared()
        try await Self.killed(in: .sealed, store)
        let left = try #require(try await store.handovers.current())
        #expect(try await store.handovers.abort(left, because: "a test").state == .aborted)
        let seals = Mutex(0)
        let handover = try await Self.handover(store, told: { if Self.seals($0) { seals.withLock { $0 += 1 } } })
        #expect(try await handover.start().0.state == .completed)
        #expect(seals.withLock { $0 } == 1)
        try await Self.expect(store, owner: "r2", epoch: 3)
    }

    @Test func `a table that refuses every second read for a moment ends no handover`() async throws {
        let store = try await Self.prepared()
        let reads = Mutex<[String: Int]>([:])
        let handover = try await Self.handover(
            store,
            reading: { table, items in
                guard try await store.handovers.current() != nil else { return items }
                let number = reads.withLock { reads in
                    reads[table, default: 0] += 1
                    return reads[table, default: 0]
                }
                guard number.isMultiple(of: 2) else {
                    throw AWSError(
                        service: "DynamoDB", operation: "BatchGetItem", code: "ThrottlingException", message: "too much", statusCode: 400)
                }
                return items
            })
        #expect(try await handover.start().0.state == .completed)
        // The heads, and the progress.
        #expect(reads.withLock { $0.count } == 2)
        try await Self.expect(store, owner: "r2", epoch: 3)
    }

    @Test func `where a request promotes its shard first, the others still go together`() async throws {
        let store = try await Self.prepared()
        let writes = Mutex(0)
        let handover = try await Self.handover(store) { phase in
            guard phase == .promoting else { return }
            let number = writes.withLock { count in
                count += 1
                return count
            }
            guard number == 1 else { return }
            let head = try await store.ledger.head(0)
            #expect(try await store.participant.step(head))
        }
        #expect(try await handover.start().0.state == .completed)
        // The one that fails, and the one of the shards that are left.
        #expect(writes.withLock { $0 } == 2)
        try await Self.expect(store, owner: "r2", epoch: 3)
    }

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

    private static func killed(
        in phase: Phase, _ store: StoreFixture, _ kind: HandoverRecord.Kind = .cutover, clock: ClientClock = clock()
    ) async throws {
        let handover = try await handover(store, kind, clock: clock, killedIn: phase, sealsAlone: phase == .sealing)
        await #expect(throws: Killed.self) { try await handover.start() }
    }
}
