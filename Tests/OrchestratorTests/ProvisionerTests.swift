import AWS
import StackDescription
import Synchronization
import TestSupport
import Testing

@testable import Orchestrator

private let stack = Stack(
    "orders", functions: .swiftProduct("OrdersFunctions"), api: .http(domain: "api.orders.example"),
    commands: [.command("PlaceOrder", on: .post("/orders")), .command("ShipOrder", on: .post("/orders/{orderId}/shipment"))],
    readModels: [.table("order-summary", projectedBy: "OrderSummary", serves: [.get("/orders/{orderId}")])],
    reactors: [.reactor("ConfirmationMailer", after: .crash(.park))], transform: .copy("SplitCustomerName", reversible: true),
    mail: .ses(sender: "shop@orders.example"))

/// Provisioning and removal of a whole release, ended at each of its calls and run again.
@Suite struct ProvisionerTests {
    private static let plan = Blueprint(stack: stack, release: "r2", counterpart: "r1").resources(in: cloud, artifact: nil)

    private static let cloud = Cloud.stub()

    @Test func `a deployment that ends at any call, or loses its answer, is finished by the same command`() async throws {
        let plan = Self.plan
        let calls = try await run(.create, plan, on: ControlPlane(), until: { $0.ready.count == plan.count }).calls
        #expect(plan.count > 20 && calls >= 3 * plan.count)
        for call in 1...calls {
            // Nothing here ever waits: other tests need the threads, too.
            await Task.yield()
            for moment in ControlPlane.Moment.allCases {
                let plane = ControlPlane(strike: .init(call: call, moment: moment))
                _ = try await run(.create, plan, on: plane, until: { $0.ready.count == plan.count })
                #expect(plane.isStruck && plane.created.values.allSatisfy { $0 == 1 }, "\(moment) call \(call)")
            }
        }
    }

    @Test func `a removal that ends at any call, or loses its answer, is finished by the same command`() async throws {
        let plan = Self.plan
        let all = Set(plan.map(\.id))
        let calls = try await run(.delete, plan, on: ControlPlane(ready: all), until: \.ready.isEmpty).calls
        for call in 1...calls {
            // Nothing here ever waits: other tests need the threads, too.
            await Task.yield()
            for moment in ControlPlane.Moment.allCases {
                let plane = ControlPlane(ready: all, strike: .init(call: call, moment: moment))
                _ = try await run(.delete, plan, on: plane, until: \.ready.isEmpty)
                #expect(plane.isStruck, "\(moment) call \(call)")
            }
        }
    }

    @Test func `a deployment that ended anywhere can be given up instead`() async throws {
        let plan = Self.plan
        let calls = try await run(.create, plan, on: ControlPlane(), until: { $0.ready.count == plan.count }).calls
        for call in 1...calls {
            // Nothing here ever waits: other tests need the threads, too.
            await Task.yield()
            let plane = ControlPlane(strike: .init(call: call, moment: .killedAfter))
            try? await Provisioner(cloud: Self.cloud, sink: { _ in }).create(plan.map { FakeResource(of: $0, in: plane) })
            plane.revive()
            _ = try await run(.delete, plan, on: plane, until: \.ready.isEmpty)
        }
    }

    /// How AWS says that it is too early.
    private static let notYet = [
        AWSError(
            service: "Lambda", operation: "PutFunctionConcurrency", code: "TooManyRequestsException", message: "Rate exceeded",
            statusCode: 429),
        AWSError(
            service: "DynamoDB", operation: "UpdateTable", code: "ResourceInUseException",
            message: "Attempt to change a resource which is still in use: Table is being created: orders-r2-events", statusCode: 400),
        AWSError(
            service: "DynamoDB", operation: "UpdateContinuousBackups", code: "ContinuousBackupsUnavailableException",
            message: "Backups are being enabled for the table: orders-r2-events. Please retry later", statusCode: 400),
        AWSError(
            service: "Lambda", operation: "CreateEventSourceMapping", code: "InvalidParameterValueException",
            message: "Cannot access stream arn:aws:kinesis:eu-west-1:1:stream/orders-r2-bus. Please ensure the role can perform the "
                + "GetRecords, GetShardIterator, DescribeStream, ListShards, and ListStreams Actions on your stream in IAM.",
            statusCode: 400),
    ]

    /// A resource that needs no other; its first calls are answered with an error.
    private func refused(_ error: AWSError, times: Int, in plane: ControlPlane) throws -> FakeResource {
        let first = try #require(Self.plan.first { $0.dependencies.isEmpty })
        return FakeResource(of: first, in: plane, refusals: Refusals(error, times: times))
    }

    private func patient() -> Provisioner { Provisioner(cloud: .stub(clock: ShiftedClock().sleepless), sink: { _ in }) }

    @Test(arguments: notYet)
    func `what AWS doesn't take yet is done again until it does`(error: AWSError) async throws {
        let plane = ControlPlane()
        let resource = try refused(error, times: 2, in: plane)
        try await patient().create([resource])
        #expect(plane.created == [resource.id: 1])
        try await patient().delete([try refused(error, times: 2, in: plane)])
        #expect(plane.ready.isEmpty)
    }

    @Test func `what AWS never takes fails with its last answer once the time is over`() async throws {
        let plane = ControlPlane()
        let resource = try refused(Self.notYet[1], times: .max, in: plane)
        let failure = await #expect(throws: ResourceFailed.self) { try await patient().create([resource]) }
        #expect(failure?.id == resource.id && failure?.reason == "\(Self.notYet[1])")
        #expect(plane.created.isEmpty)
    }

    @Test func `what AWS refuses for another reason fails at once`() async throws {
        let plane = ControlPlane()
        let error = AWSError(
            service: "Lambda", operation: "CreateEventSourceMapping", code: "InvalidParameterValueException",
            message: "Unrecognized event source.", statusCode: 400)
        let resource = try refused(error, times: 1, in: plane)
        let failure = await #expect(throws: ResourceFailed.self) { try await patient().create([resource]) }
        #expect(failure?.reason == "\(error)")
        // One look at its state.
        #expect(plane.calls == 1 && plane.created.isEmpty)
    }

    private enum Command { case create, delete }

    /// The command, and the same again until it gets through.
    private func run(
        _ command: Command, _ plan: [any Resource], on plane: ControlPlane, until isDone: (ControlPlane) -> Bool
    ) async throws -> ControlPlane {
        let resources = plan.map { FakeResource(of: $0, in: plane) }
        let provisioner = Provisioner(cloud: Self.cloud, sink: { _ in })
        var tries = 0
        while true {
            tries += 1
            do {
                switch command {
                case .create: try await provisioner.create(resources)
                case .delete: try await provisioner.delete(resources)
                }
                break
            } catch {
                try #require(tries == 1 && plane.isStruck, "\(error)")
                plane.revive()
            }
        }
        #expect(isDone(plane))
        #expect(plane.faults.isEmpty, "\(plane.faults)")
        return plane
    }
}

/// What exists, as AWS's control planes hold it: what a struck call asked for is pending for one look.
private final class ControlPlane: Sendable {
    enum Moment: CaseIterable {
        case killedBefore, killedAfter, answerLost
    }

    struct Strike {
        var call: Int
        var moment: Moment
    }

    struct Ended: Error { var moment: Moment }

    private struct Held {
        var ready: Set<String>
        var pending: Set<String> = []
        var created: [String: Int] = [:]
        var calls = 0
        var isStruck = false
        var isDead = false
        var faults: [String] = []
    }

    private let held: Mutex<Held>
    private let strike: Strike?

    init(ready: Set<String> = [], strike: Strike? = nil) {
        held = Mutex(Held(ready: ready))
        self.strike = strike
    }

    var ready: Set<String> { held.withLock { $0.ready } }
    var created: [String: Int] { held.withLock { $0.created } }
    var calls: Int { held.withLock { $0.calls } }
    var isStruck: Bool { held.withLock { $0.isStruck } }
    /// What no control plane would take.
    var faults: [String] { held.withLock { $0.faults } }

    /// The command is run again: by another process.
    func revive() { held.withLock { $0.isDead = false } }

    private func call<T>(_ body: (inout Held) -> T) throws -> T {
        try held.withLock { held in
            if held.isDead { throw Ended(moment: .killedBefore) }
            held.calls += 1
            guard !held.isStruck, let strike, strike.call == held.calls else { return body(&held) }
            held.isStruck = true
            switch strike.moment {
            case .killedBefore:
                held.isDead = true
                throw Ended(moment: .killedBefore)
            case .killedAfter, .answerLost:
                let before = held.ready
                _ = body(&held)
                held.pending = held.ready.subtracting(before)
                held.ready.formIntersection(before)
                held.isDead = strike.moment == .killedAfter
                throw Ended(moment: strike.moment)
            }
        }
    }

    func state(of id: String) throws -> ResourceState {
        try call { held in
            if held.pending.remove(id) != nil {
                held.ready.insert(id)
                return .pending
            }
            return held.ready.contains(id) ? .ready : .absent
        }
    }

    func create(_ id: String, needs: [String]) throws {
        try call { held in
            let missing = needs.filter { !held.ready.contains($0) }
            if !missing.isEmpty { held.faults.append("\(id) was created without \(missing)") }
            guard !held.ready.contains(id), !held.pending.contains(id) else { return }
            held.created[id, default: 0] += 1
            held.ready.insert(id)
        }
    }

    func delete(_ id: String) throws {
        try call { held in
            held.pending.remove(id)
            held.ready.remove(id)
        }
    }
}

/// The place of a real resource in a release, without the cloud.
private struct FakeResource: Resource {
    let id: String
    let dependencies: [String]
    let plane: ControlPlane
    let refusals: Refusals?

    init(of resource: any Resource, in plane: ControlPlane, refusals: Refusals? = nil) {
        (id, dependencies) = (resource.id, resource.dependencies)
        self.plane = plane
        self.refusals = refusals
    }

    func state(in cloud: Cloud) async throws -> ResourceState { try plane.state(of: id) }

    func create(in cloud: Cloud) async throws {
        try refusals?.next()
        try plane.create(id, needs: dependencies)
    }

    func delete(in cloud: Cloud) async throws {
        try refusals?.next()
        try plane.delete(id)
    }
}

/// Answers the first calls with an error.
private final class Refusals: Sendable {
    private let error: AWSError
    private let left: Mutex<Int>

    init(_ error: AWSError, times: Int) {
        self.error = error
        left = Mutex(times)
    }

    func next() throws {
        let isRefused = left.withLock { left in
            left -= 1
            return left >= 0
        }
        if isRefused { throw error }
    }
}
