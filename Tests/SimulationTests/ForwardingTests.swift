import AWS
import EventSourcing
import EventStore
import Synchronization
import TestSupport
import Testing

@testable import Simulation
@testable import StackRuntime

@Suite struct ForwardingTests {
    /// A stack with one shard that `owner` owns.
    private func store(owner: String) throws -> MemoryStore {
        let world = World(Schedule(seed: 1), Workshop())
        let store = world.store
        try own(store, owner, epoch: 1)
        return store
    }

    private func own(_ store: MemoryStore, _ owner: String, epoch: Int) throws {
        store.committed = { _ in }
        _ = try store.write(
            .put(
                World.names.ledger,
                ["shard": "0000", "item": "head", "owner": .s(owner), "epoch": .int(epoch), "events": 0, "digest": 0]))
    }

    private func run(_ store: MemoryStore, _ release: String) -> CommandRun { run(DirectStore(store: store), release) }

    private func run(
        _ store: any ItemStore, _ release: String, expecting: @escaping @Sendable (String) async -> Void = { _ in }
    ) -> CommandRun {
        let ledger = Ledger(dynamo: store, names: World.names, shards: ShardMap(count: 1))
        return CommandRun(
            appender: Appender(ledger: ledger, release: release),
            reader: StreamReader(dynamo: ledger.dynamo, table: World.names.release(release).events),
            participant: Participant(ledger: ledger, handovers: HandoverStore(dynamo: ledger.dynamo, stack: World.names.stack)),
            expecting: expecting)
    }

    private func command(_ release: String) -> PreparedCommand { Application.command("a", events: 1, release: release, transforms: false) }

    @Test func `a request that was forwarded just before a rollback is answered by the release that has the writes again`() async throws {
        let store = try store(owner: "r2")
        let here = run(store, "r1")
        let there = run(store, "r2")
        let identity = RequestIdentity(command: "c1", digest: "d")
        var forwarded = 0
        let service = try await here.serve(command("r1"), identity, remaining: { 5 }) { owner -> Answer? in
            forwarded += 1
            #expect(owner == "r2")
            // The rollback is faster than the request.
            try own(store, "r1", epoch: 2)
            guard case .answered(let answer) = try await there.run(command("r2"), identity, remaining: { 5 }) else { return nil }
            return answer
        }
        guard case .answered(let answer) = service else {
            Issue.record("not answered here: \(service)")
            return
        }
        #expect(answer.status == 201 && forwarded == 1)
        #expect(store.tables[World.names.release("r1").events]?.partitions["a"]?.count == 1)
    }

    @Test func `a request that waited out a handover is forwarded by the head that it saw, without reading its stream again`() async throws
    {
        let direct = DirectStore(store: try store(owner: "r1"))
        _ = try await direct.write(
            .update(
                World.names.ledger, ["shard": "0000", "item": "head"], "SET #handover = :mark",
                values: [":mark": .m(["id": "h", "to": "r2", "deadline": "2999-01-01T00:00:00.000000Z"])]))
        let reads = Mutex(0)
        let watched = HookedStore(
            direct,
            found: { table, items in
                if table == World.names.release("r1").events { reads.withLock { $0 += 1 } }
                return items
            })
        let handingOver = run(watched, "r1") { owner in
            _ = try? await direct.write(
                .update(
                    World.names.ledger, ["shard": "0000", "item": "head"],
                    "SET #owner = :owner, #epoch = #epoch + :one REMOVE #handover", values: [":owner": .s(owner), ":one": 1]))
        }
        let outcome = try await handingOver.run(command("r1"), RequestIdentity(command: "c1", digest: "d"), remaining: { 5 })
        guard case .moved(to: "r2") = outcome else {
            Issue.record("not forwarded: \(outcome)")
            return
        }
        #expect(reads.withLock { $0 } == 1)
    }

    @Test func `the owner's reply is passed on`() async throws {
        let store = try store(owner: "r2")
        let there = run(store, "r2")
        let identity = RequestIdentity(command: "c1", digest: "d")
        let service = try await run(store, "r1").serve(command("r1"), identity, remaining: { 5 }) { _ -> Answer? in
            guard case .answered(let answer) = try await there.run(command("r2"), identity, remaining: { 5 }) else { return nil }
            return answer
        }
        guard case .forwarded(let answer) = service else {
            Issue.record("not forwarded: \(service)")
            return
        }
        #expect(answer.status == 201)
    }

    @Test func `a commit that is too large for this release is forwarded where the writes are elsewhere, and refused where they are here`()
        async throws
    {
        let large = Application.command("a", events: 81, release: "r1", transforms: false)
        let identity = RequestIdentity(command: "c1", digest: "d")
        let elsewhere = try await run(try store(owner: "r2"), "r1").serve(large, identity, remaining: { 5 }) { owner -> String? in owner }
        guard case .forwarded("r2") = elsewhere else {
            Issue.record("not forwarded: \(elsewhere)")
            return
        }
        let here = try await run(try store(owner: "r1"), "r1").serve(large, identity, remaining: { 5 }) { owner -> String? in owner }
        guard case .answered(let answer) = here else {
            Issue.record("not answered: \(here)")
            return
        }
        #expect(answer.status == 413)
    }

    @Test func `of two requests with one key and other content only the first is acknowledged, though neither read the other's event`()
        async throws
    {
        let store = try store(owner: "r1")
        let events = World.names.release("r1").events
        let first = StoredEvent(
            aggregateId: "a", version: 1, eventId: EventID.of(command: "k", aggregateId: "a", index: 0), type: "Added", data: "{}",
            meta: try EventMetadata(command: "k", request: "d1", answer: Answer(201, "first")).encoded(), at: "2026-01-01T00:00:00.000000Z",
            epoch: 1, origin: "r1")
        let direct = DirectStore(store: store)
        // Committed after this request has read the stream.
        let racing = HookedStore(direct) { _ in
            if try await direct.getItem(events, ["aggregateId": "a", "version": 1]) == nil {
                _ = try await direct.write(.put(events, first.item))
            }
        }
        let outcome = try await run(racing, "r1").run(command("r1"), RequestIdentity(command: "k", digest: "d2"), remaining: { 5 })
        let answer = try #require(outcome.answer)
        #expect(answer.status == 422)
        #expect(store.tables[World.names.release("r1").events]?.partitions["a"]?.count == 1)
    }

    private static let refusal = AWSError(
        service: "DynamoDB", operation: "Query", code: "ThrottlingException", message: "too much", statusCode: 400)

    @Test func `a table that refuses reads for a moment delays a request and fails none`() async throws {
        let store = try store(owner: "r1")
        let refused = Mutex(0)
        let busy = HookedStore(
            DirectStore(store: store),
            found: { _, items in
                let number = refused.withLock { count in
                    count += 1
                    return count
                }
                if number <= 3 { throw Self.refusal }
                return items
            })
        let outcome = try await run(busy, "r1").run(command("r1"), RequestIdentity(command: "c", digest: "d"), remaining: { 5 })
        let answer = try #require(outcome.answer)
        #expect(answer.status == 201)
        #expect(store.tables[World.names.release("r1").events]?.partitions["a"]?.count == 1)
    }

    @Test func `one that refuses them for as long as a request may wait is told as it is`() async throws {
        let busy = HookedStore(DirectStore(store: try store(owner: "r1")), found: { _, _ in throw Self.refusal })
        let left = Mutex(4.0)
        let error = await #expect(throws: AWSError.self) {
            try await run(busy, "r1").run(command("r1"), RequestIdentity(command: "c", digest: "d")) {
                left.withLock { left in
                    left -= 1
                    return left
                }
            }
        }
        #expect(error?.isThrottling == true)
    }

    @Test func `where the writes have left, the answer to a forwarded request says so`() throws {
        #expect(try HTTPAnswer(movedTo: "r1", release: "r2").movedTo == "r1")
        #expect(try HTTPAnswer(Answer(200, [:]), release: "r2").movedTo == nil)
    }
}

extension CommandOutcome {
    fileprivate var answer: Answer? {
        guard case .answered(let answer) = self else { return nil }
        return answer
    }
}
