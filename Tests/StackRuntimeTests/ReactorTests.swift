import AWS
import EventSourcing
import EventStore
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import StackRuntime

private enum Mailer: Reactor {
    static func effects(of event: StoredEvent) throws -> [Effect] {
        [.email(Email(to: "a@b.example", subject: event.eventId, body: "hello"))]
    }
}

/// Counts the mails that would be sent, and can lose an answer.
private actor Outgoing: EffectPerforming {
    private(set) var sent: [String: Int] = [:]
    private var failing: (any Error)?
    private var sendsBeforeFailing = false

    func fail(with error: any Error, afterSending: Bool) {
        failing = error
        sendsBeforeFailing = afterSending
    }

    func recover() { failing = nil }

    func perform(_ effect: Effect) async throws {
        guard case .email(let email) = effect else { return }
        if let failing {
            if sendsBeforeFailing { sent[email.subject, default: 0] += 1 }
            throw failing
        }
        sent[email.subject, default: 0] += 1
    }
}

@Suite(.localCloud) struct ReactorTests {
    private func run(
        _ store: StoreFixture, _ outgoing: Outgoing, release: String = "r1", retries: Bool = false, claim: TimeInterval = 30,
        reader: StreamReader? = nil
    ) -> ReactorRun {
        ReactorRun(
            reactor: Mailer.self, retriesAfterCrash: retries, release: release, dynamo: store.dynamo,
            names: store.names.release(release), reader: reader ?? store.reader(release),
            journal: EffectJournal(dynamo: store.dynamo, stack: store.names.stack, reactor: Mailer.name), performer: outgoing,
            claimLifetime: claim)
    }

    private func fixture() async throws -> StoreFixture {
        let store = try await StoreFixture.make()
        try await store.dynamo.createTable(.init(name: store.names.effects, hashKey: .string("reactor"), rangeKey: .string("eventId")))
        return store
    }

    @Test func `ten instances at once send each mail once`() async throws {
        let store = try await fixture()
        let outgoing = Outgoing()
        try await store.commit("r1", "a", after: 0, count: 5)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    // Whoever finds an effect held by another gives up: the holder goes on.
                    try? await run(store, outgoing).react(to: "a")
                }
            }
        }
        try await run(store, outgoing).react(to: "a")
        let sent = await outgoing.sent
        #expect(sent.count == 5 && sent.values.allSatisfy { $0 == 1 })
    }

    @Test(arguments: [(events: 5, queries: 1), (events: 201, queries: 2)])
    func `a stream is read once, page by page`(events: Int, queries: Int) async throws {
        let store = try await fixture()
        let outgoing = Outgoing()
        for first in stride(from: 0, to: events, by: 50) { try await store.commit("r1", "a", after: first, count: min(50, events - first)) }
        let asked = Mutex(0)
        let counted = HookedStore(
            store.dynamo,
            found: { _, items in
                asked.withLock { $0 += 1 }
                return items
            })
        let reader = StreamReader(dynamo: counted, table: store.names.release("r1").events)
        try await run(store, outgoing, reader: reader).react(to: "a")
        #expect(await outgoing.sent.count == events)
        #expect(asked.withLock { $0 } == queries)
    }

    @Test func `streams that the bus tells of are read together, and not at all where they were passed`() async throws {
        let store = try await fixture()
        let outgoing = Outgoing()
        let streams = (0..<30).map { "s-\($0)" }
        for stream in streams { try await store.commit("r1", stream, after: 0, count: 2) }
        let counting = MortalStore(store.dynamo)
        let run = ReactorRun(
            reactor: Mailer.self, retriesAfterCrash: false, release: "r1", dynamo: counting, names: store.names.release("r1"),
            reader: StreamReader(dynamo: counting, table: store.names.release("r1").events),
            journal: EffectJournal(dynamo: store.dynamo, stack: store.names.stack, reactor: Mailer.name), performer: outgoing)
        let hints = Hints(streams, versions: Dictionary(uniqueKeysWithValues: streams.map { ($0, 2) }))
        try await run.react(to: hints) { throw $1 }
        #expect(await outgoing.sent.count == 60)
        #expect(counting.calls == ["batchGet": 8, "write": 30])
        try await run.react(to: hints) { throw $1 }
        #expect(counting.calls == ["batchGet": 16, "write": 30])
    }

    @Test func `a stream that can't be read stops no other`() async throws {
        let store = try await fixture()
        let outgoing = Outgoing()
        let streams = ["bad", "good", "well"]
        for stream in streams { try await store.commit("r1", stream, after: 0) }
        let refusing = HookedStore(
            store.dynamo,
            found: { _, items in
                if items.contains(where: { $0["aggregateId"] == "bad" }) { throw LostAnswer() }
                return items
            })
        let hints = Hints(streams, versions: ["bad": 1, "good": 1, "well": 1])
        let run = run(store, outgoing, reader: StreamReader(dynamo: refusing, table: store.names.release("r1").events))
        await #expect(throws: LostAnswer.self) { try await run.react(to: hints) { throw $1 } }
        #expect(await outgoing.sent.count == 2)
    }

    @Test func `what was first committed elsewhere is passed over in silence`() async throws {
        let store = try await fixture()
        let outgoing = Outgoing()
        try await store.commit("r1", "a", after: 0, count: 4)
        try await store.cut()
        _ = try await store.replay()
        try await run(store, outgoing, release: "r2").react(to: "a")
        #expect(await outgoing.sent.isEmpty)
    }

    @Test func `a mail that the service refused is sent by the next try`() async throws {
        let store = try await fixture()
        let outgoing = Outgoing()
        try await store.commit("r1", "a", after: 0)
        await outgoing.fail(
            with: AWSError(service: "SES", operation: "SendEmail", code: "MessageRejected", message: "no", statusCode: 400),
            afterSending: false)
        await #expect(throws: ReactionFailed.self) { try await run(store, outgoing).react(to: "a") }
        await outgoing.recover()
        try await run(store, outgoing).react(to: "a")
        #expect(await outgoing.sent.values.map { $0 } == [1])
    }

    private struct LostAnswer: Error {}

    @Test func `a mail whose answer was lost is parked for a person and never sent again`() async throws {
        let store = try await fixture()
        let outgoing = Outgoing()
        try await store.commit("r1", "a", after: 0)
        try await store.commit("r1", "a", after: 1)
        await outgoing.fail(with: LostAnswer(), afterSending: true)
        await #expect(throws: LostAnswer.self) { try await run(store, outgoing, claim: 0).react(to: "a") }
        await outgoing.recover()
        try await run(store, outgoing).react(to: "a")
        let sent = await outgoing.sent
        #expect(sent.count == 2 && sent.values.allSatisfy { $0 == 1 })
        let listed = try await store.dynamo.queryAll(
            .init(
                table: StackNames.control, keyCondition: "#stack = :stack AND begins_with(#item, :prefix)",
                values: [":stack": .s(store.names.stack), ":prefix": .s("doubt#")]))
        #expect(listed.map { $0["position"]?.string } == ["a@1"])
    }

    @Test func `a reactor whose act is idempotent is retried after a crash`() async throws {
        let store = try await fixture()
        let outgoing = Outgoing()
        try await store.commit("r1", "a", after: 0)
        await outgoing.fail(with: LostAnswer(), afterSending: false)
        await #expect(throws: LostAnswer.self) { try await run(store, outgoing, claim: 0).react(to: "a") }
        await outgoing.recover()
        try await run(store, outgoing, retries: true).react(to: "a")
        #expect(await outgoing.sent.values.map { $0 } == [1])
    }

    @Test func `an effect that another try holds leaves the stream where it is`() async throws {
        let store = try await fixture()
        let outgoing = Outgoing()
        try await store.commit("r1", "a", after: 0)
        await outgoing.fail(with: LostAnswer(), afterSending: false)
        await #expect(throws: LostAnswer.self) { try await run(store, outgoing).react(to: "a") }
        await outgoing.recover()
        await #expect(throws: EffectBusy.self) { try await run(store, outgoing).react(to: "a") }
        #expect(await outgoing.sent.isEmpty)
    }

    @Test func `a cursor's write whose answer was lost doesn't end the reaction`() async throws {
        let store = try await fixture()
        let outgoing = Outgoing()
        // Over a page of what another release has committed, then one event of this one's.
        let copies = store.events("a", after: 0, count: 220).map { event in
            var copy = event
            copy.origin = "r0"
            return copy.item
        }
        try await store.dynamo.batchPut(store.names.release("r1").events, copies)
        try await store.commit("r1", "a", after: 220)
        let cursors = store.names.release("r1").cursors
        let isLost = Mutex(false)
        let losing = HookedStore(
            store.dynamo,
            after: { writes in
                guard writes[0].table == cursors else { return }
                let isFirst = isLost.withLock { lost in
                    defer { lost = true }
                    return !lost
                }
                // What a caller sees once the client's own second try has met the first one's write.
                if isFirst { throw DynamoDBError.conditionFailed(item: nil) }
            })
        let run = ReactorRun(
            reactor: Mailer.self, retriesAfterCrash: false, release: "r1", dynamo: losing, names: store.names.release("r1"),
            reader: store.reader("r1"), journal: EffectJournal(dynamo: store.dynamo, stack: store.names.stack, reactor: Mailer.name),
            performer: outgoing)
        try await run.react(to: "a")
        #expect(isLost.withLock { $0 })
        #expect(await outgoing.sent.count == 1)
    }

    private enum Wordy: Reactor {
        static func effects(of event: StoredEvent) throws -> [Effect] {
            [.email(Email(to: "a@b.example", subject: event.eventId, body: String(repeating: "x", count: 450_000)))]
        }
    }

    @Test func `an effect that is too large for the journal stops its stream alone`() async throws {
        let store = try await fixture()
        let outgoing = Outgoing()
        try await store.commit("r1", "a", after: 0)
        let run = ReactorRun(
            reactor: Wordy.self, retriesAfterCrash: false, release: "r1", dynamo: store.dynamo, names: store.names.release("r1"),
            reader: store.reader("r1"), journal: EffectJournal(dynamo: store.dynamo, stack: store.names.stack, reactor: Wordy.name),
            performer: outgoing)
        await #expect(throws: ReactionFailed.self) { try await run.react(to: "a") }
        #expect(await outgoing.sent.isEmpty)
    }

    private static func claim(_ name: String) -> EffectClaim {
        EffectClaim(state: .claimed, claim: name, expires: Date(timeIntervalSince1970: 0))
    }

    @Test func `a slow try that ends after its claim was parked changes nothing: a person decides`() async throws {
        let store = try await fixture()
        try await store.commit("r1", "a", after: 0)
        let event = try #require(try await store.reader("r1").load("a").first)
        let journal = EffectJournal(dynamo: store.dynamo, stack: store.names.stack, reactor: Mailer.name)
        let effect = try #require(try Mailer.effects(of: event).first)
        #expect(try await journal.claim(event, 0, over: nil, Self.claim("slow"), effect: effect))
        #expect(try await journal.park(event, 0, Self.claim("slow")))
        try await journal.done(event, 0, Self.claim("slow"))
        try await journal.giveBack(event, 0, Self.claim("slow"))
        #expect(try await journal.entry(event, 0)?.state == .inDoubt)
    }

    @Test func `a claim that was given back can't be parked any more`() async throws {
        let store = try await fixture()
        try await store.commit("r1", "a", after: 0)
        let event = try #require(try await store.reader("r1").load("a").first)
        let journal = EffectJournal(dynamo: store.dynamo, stack: store.names.stack, reactor: Mailer.name)
        let effect = try #require(try Mailer.effects(of: event).first)
        #expect(try await journal.claim(event, 0, over: nil, Self.claim("slow"), effect: effect))
        try await journal.giveBack(event, 0, Self.claim("slow"))
        #expect(try await !journal.park(event, 0, Self.claim("slow")))
        #expect(try await journal.entry(event, 0) == nil)
    }
}

extension ReactorRun {
    fileprivate func react(to stream: String) async throws {
        try await react(to: Hints([stream])) { throw $1 }
    }
}
