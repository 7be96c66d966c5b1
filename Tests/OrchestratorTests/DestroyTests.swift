import AWS
import EventStore
import StackDescription
import Synchronization
import TestSupport
import Testing

@testable import Orchestrator

/// `immutable destroy` of a stack with two releases, of which the tables exist.
@Suite(.localCloud) struct DestroyTests {
    private struct Fixture {
        let store: StoreFixture
        let cloud: Cloud
        let releases: ReleaseStore

        var stack: String { store.names.stack }
        var tables: [String] { [store.names.ledger] + ["r1", "r2"].map { store.names.release($0).events } }

        func present() async throws -> [String] {
            var found: [String] = []
            for table in tables {
                if try await store.dynamo.describeTable(table) != nil { found.append(table) }
            }
            return found
        }
    }

    /// Passes requests on, and does something when the control table's items of a stack were listed, once.
    private final class AfterListing: HTTPTransport {
        private let due = Mutex<(@Sendable () async throws -> Void)?>(nil)

        func set(_ action: @escaping @Sendable () async throws -> Void) { due.withLock { $0 = action } }

        func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
            let answer = try await AsyncHTTPTransport.shared.send(request, timeout: timeout)
            // Of its releases alone they are listed with one more condition.
            guard String(decoding: request.body, as: UTF8.self).contains("\"#stack = :stack\"") else { return answer }
            let action = due.withLock { due in
                defer { due = nil }
                return due
            }
            try await action?()
            return answer
        }
    }

    private static func prepared(transport: any HTTPTransport = AsyncHTTPTransport.shared) async throws -> Fixture {
        let store = try await StoreFixture.make(transport: transport)
        let stack = store.names.stack
        let manifest = Stack(
            stack, functions: .swiftProduct("Functions"), api: .http(domain: "\(stack).example"),
            commands: [.command("Add", on: .post("/add"))])
        let releases = ReleaseStore(dynamo: store.dynamo, stack: stack)
        for (name, state) in [("r1", ReleaseRecord.State.live), ("r2", .candidate)] {
            try await releases.put(
                ReleaseRecord(
                    stack: stack, release: name, state: state, phase: .ready, manifest: manifest, fingerprint: "", artifact: "",
                    createdAt: ""), routes: [:], fence: store.fence)
        }
        return Fixture(store: store, cloud: Cloud(client: store.client, account: "000000000000"), releases: releases)
    }

    @Test func `where another command took the expired lock over while the person was asked, nothing is removed`() async throws {
        let fixture = try await Self.prepared()
        let (store, stack) = (fixture.store, fixture.stack)
        let command = DestroyCommand(cloud: fixture.cloud, stack: stack, sink: { Issue.record("\($0)") }) { releases in
            #expect(releases == ["r1", "r2"])
            let late = HookedStore(store.dynamo, clock: ShiftedClock(StackLock.lease + 2).clock)
            _ = try await StackLock.acquire(late, stack, doing: "cutover")
            return true
        }
        await #expect(throws: LockLost.self) { try await command.run() }
        #expect(try await fixture.releases.all().map(\.state) == [.live, .candidate])
        #expect(try await fixture.present() == fixture.tables)
        #expect(try await StackLock.current(store.dynamo, stack)?.doing == "cutover")
    }

    @Test func `where another command takes the expired lock over before the last deletion, what is known of its stack stays`() async throws
    {
        let transport = AfterListing()
        let fixture = try await Self.prepared(transport: transport)
        let (store, stack) = (fixture.store, fixture.stack)
        transport.set {
            let late = HookedStore(store.dynamo, clock: ShiftedClock(StackLock.lease + 2).clock)
            _ = try await StackLock.acquire(late, stack, doing: "deploy")
        }
        let command = DestroyCommand(cloud: fixture.cloud, stack: stack, sink: { _ in }) { _ in true }
        await #expect(throws: LockLost.self) { try await command.run() }
        #expect(try await fixture.releases.all().map(\.state) == [.live, .candidate])
        #expect(try await StackLock.current(store.dynamo, stack)?.doing == "deploy")
    }

    @Test func `where the person says no, nothing is removed, and the lock is free`() async throws {
        let fixture = try await Self.prepared()
        let command = DestroyCommand(cloud: fixture.cloud, stack: fixture.stack, sink: { Issue.record("\($0)") }) { _ in false }
        #expect(try await !command.run())
        #expect(try await fixture.present() == fixture.tables)
        #expect(try await StackLock.current(fixture.store.dynamo, fixture.stack) == nil)
    }

    @Test func `nothing is left of a stack, its lock included`() async throws {
        let fixture = try await Self.prepared()
        let command = DestroyCommand(cloud: fixture.cloud, stack: fixture.stack, sink: { _ in }) { _ in true }
        #expect(try await command.run())
        #expect(try await fixture.present().isEmpty)
        #expect(try await fixture.store.dynamo.controlItems(fixture.stack).isEmpty)
    }
}
