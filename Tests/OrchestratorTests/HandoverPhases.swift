import AWS
import EventSourcing
import EventStore
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Orchestrator

/// Handovers that are disturbed in each of their phases. Two shards, r1 live with four streams, r2 its proven candidate; of a rollback r2 has taken the
/// writes over.
@Suite(.localCloud) struct HandoverPhases {
    enum Phase: CaseIterable, Sendable {
        /// One by one, as another transaction stood in the way of them all; or all in one.
        case sealing, sealed
        case draining
        /// Decided, and no shard is promoted yet.
        case promoting
    }

    static let kinds: [HandoverRecord.Kind] = [.cutover, .rollback]
    static let streams = ["a", "b", "c", "d"]

    struct Killed: Error {}

    /// Time stands still: how long a call takes on this machine has no part in what a deadline does.
    static func clock(_ shift: TimeInterval = 0) -> ClientClock {
        let now = start.addingTimeInterval(shift)
        return ClientClock(now: { now }, sleep: ClientClock.system.sleep, random: ClientClock.system.random)
    }

    static let start = Date()

    /// The owner's last commit of each stream is yet to be drained.
    static func prepared(for kind: HandoverRecord.Kind = .cutover) async throws -> StoreFixture {
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
    static func handover(
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

    static func route(
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
    static func update(_ writes: [Write]) -> String {
        guard case .update(_, let expression)? = writes.first?.action else { return "" }
        return expression
    }

    static func seals(_ writes: [Write]) -> Bool { update(writes).contains("#handover = :mark") }

    private final class Life: Sendable {
        private let isOver = Mutex(false)

        func end() { isOver.withLock { $0 = true } }

        func check() throws { if isOver.withLock({ $0 }) { throw Killed() } }
    }

    /// How often a request looks at one shard: more than any that gets on.
    static let looks = 10

    /// A request that meets a seal, by a clock that is `late` seconds ahead.
    static func meet(_ store: StoreFixture, late: TimeInterval = 0, waited: TimeInterval = 0) async throws {
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
    static func expect(
        _ store: StoreFixture, owner: String, epoch: Int, after version: Int = 2, _ place: SourceLocation = #_sourceLocation
    ) async throws {
        for head in try await store.ledger.heads() {
            #expect(head.owner == owner && head.handover == nil && head.epoch == epoch, sourceLocation: place)
        }
        for stream in streams { try await store.commit(owner, stream, after: version) }
        #expect(try await store.reader(owner).load("a").map(\.version) == Array(1...version + 1), sourceLocation: place)
    }

    /// The same of a handover's end.
    static func expect(
        _ store: StoreFixture, _ kind: HandoverRecord.Kind, isDecided: Bool, _ place: SourceLocation = #_sourceLocation
    ) async throws {
        switch kind {
        case .cutover: try await expect(store, owner: isDecided ? "r2" : "r1", epoch: isDecided ? 3 : 2, place)
        case .rollback: try await expect(store, owner: isDecided ? "r1" : "r2", epoch: isDecided ? 4 : 3, after: 3, place)
        }
    }

    static func owners(of kind: HandoverRecord.Kind) -> (old: String, new: String) {
        kind == .cutover ? ("r1", "r2") : ("r2", "r1")
    }

    static func killed(
        in phase: Phase, _ store: StoreFixture, _ kind: HandoverRecord.Kind = .cutover, clock: ClientClock = clock()
    ) async throws {
        let handover = try await handover(store, kind, clock: clock, killedIn: phase, sealsAlone: phase == .sealing)
        await #expect(throws: Killed.self) { try await handover.start() }
    }
}
