import AWS
import EventSourcing
import EventStore
import Orchestrator
import StackRuntime

/// What the schedules of one thread share.
final class Workshop {
    let states = StateSketch()
    let expressions: ExpressionCache

    let sabotage: Sabotage?
    private var beginnings: [Beginning.Kind: Beginning] = [:]

    init(sabotage: Sabotage? = nil) {
        self.sabotage = sabotage
        expressions = ExpressionCache(misreading: sabotage?.misreading ?? [])
    }

    func beginning(of traits: Schedule.Traits) throws -> Beginning {
        let kind = Beginning.Kind(traits)
        if let known = beginnings[kind] { return known }
        let beginning = try Beginning(kind)
        beginnings[kind] = beginning
        return beginning
    }
}

/// One run of a schedule.
public struct Simulation {
    public struct Outcome: Sendable {
        public var violation: Violation?
        /// Calls to the store, and to what stands beside it.
        public var calls: Int
        public var faults: Int
        /// Changes of owner, of single shards.
        public var changesOfOwner: Int
    }

    /// More calls than any schedule needs: it doesn't end.
    private static let limit = 4_000

    let world: World
    private let workshop: Workshop

    init(_ schedule: Schedule, in workshop: Workshop = Workshop(), trace: ((String) -> Void)? = nil) {
        self.workshop = workshop
        world = World(schedule, workshop)
        if let trace {
            let scheduler = world.scheduler
            world.trace = { trace("\(String(repeating: " ", count: max(0, 9 - "\(scheduler.now)".count)))\(scheduler.now)  \($0)") }
        }
    }

    func run() -> Outcome {
        do {
            try setUp()
        } catch {
            world.fail(Violation(.resumable, "the tables could not be set up: \(error)"))
        }
        let world = world
        let traits = world.schedule.traits
        world.start { await Person(world: world, name: "ann").run(world.schedule.commands, tries: 4) }
        if let second = traits.second {
            world.scheduler.at(traits.secondStarts * 1_000) {
                world.start {
                    switch second {
                    case .cutover: await Person(world: world, name: "bob").run([.cutover], tries: 2)
                    case .rollback: await Person(world: world, name: "bob").run([.rollback], tries: 2)
                    case .abort: await Person(world: world, name: "bob").run([.abort], tries: 2)
                    case .retire: await Person(world: world, name: "bob").run([.retire], tries: 2)
                    case .unlockThenCutover: await Person(world: world, name: "bob").run([.unlock, .cutover], tries: 1)
                    }
                }
            }
        }
        var waiting = traits.requests.count + (traits.second == nil ? 0 : 1)
        if traits.second != nil { world.scheduler.at(traits.secondStarts * 1_000 + 1) { waiting -= 1 } }
        for (index, request) in traits.requests.enumerated() {
            world.scheduler.at(request.at * 1_000) {
                waiting -= 1
                world.start {
                    await Client(
                        world: world,
                        request: .init(id: "c\(index + 1)", stream: world.streams[request.stream], events: request.events), number: index
                    ).run()
                }
            }
        }
        go(until: { waiting == 0 && world.unfinished == 0 })
        if world.violation == nil {
            world.trace?("no more faults")
            world.forgetFaults()
            world.isCalm = true
            world.start { await Epilogue(world: world).run() }
            go(until: { world.unfinished == 0 })
        }
        end()
        return Outcome(
            violation: world.violation, calls: world.calls, faults: world.faultsHappened, changesOfOwner: world.oracle.changesOfOwner)
    }

    func go(until isDone: () -> Bool) {
        let ended = world.scheduler.run { world.violation != nil || world.calls > Self.limit || isDone() }
        if world.violation == nil, !ended || world.calls > Self.limit {
            world.fail(Violation(.resumable, "the schedule doesn't end: \(world.calls) calls, \(world.unfinished) still at it"))
        }
    }

    /// Every task comes to its end, so that nothing of the schedule stays behind.
    func end() {
        world.trace = nil
        world.dissolve()
        _ = world.scheduler.run { false }
    }

    func setUp() throws {
        world.begin(try workshop.beginning(of: world.schedule.traits))
    }
}
