import AWS
import EventSourcing
import EventStore
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Orchestrator

/// How heads are sealed and promoted, and what stands in the way.
extension HandoverPhases {
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
}
