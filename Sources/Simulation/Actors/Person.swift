import AWS
import EventSourcing
import EventStore
import Foundation
import Orchestrator
import StackDescription
import StackRuntime

/// Someone who runs commands, and runs one again that fails.
struct Person: Sendable {
    enum Command: Sendable { case deploy, cutover, rollback, abort, retire, unlock }

    let world: World
    let name: String

    struct NothingToDo: Error {
        var problem: String
    }

    /// Runs the commands one after another. A command that fails is run again, up to `tries` times in all.
    func run(_ commands: [Command], tries: Int) async {
        for command in commands {
            for attempt in 0..<tries {
                if await perform(command) == .done { break }
                let pause = [50, 700, 5_000, 16_000, 35_000, 35_000][min(attempt, 5)]
                try? await world.person.sleep(.milliseconds(pause))
            }
        }
    }

    enum Result: Sendable, Hashable {
        /// Nothing is left to do.
        case done
        case failed
        /// A handover must be finished first, by the command that began it.
        case unfinished(Command)
        /// Another try of a reactor holds an effect; that ends by itself.
        case busy
    }

    func perform(_ command: Command) async -> Result {
        let process = world.process("\(name).\(command)")
        world.trace?("\(process.name) begins")
        do {
            switch command {
            case .unlock:
                let store = SimulatedStore(process: process)
                if let holder = try await StackLock.current(store, World.names.stack) {
                    try await StackLock.remove(store, World.names.stack, token: holder.token)
                }
            case .deploy, .cutover, .rollback, .abort, .retire:
                try await StackLock.holding(
                    SimulatedStore(process: process), World.names.stack, doing: "\(command)", as: "\(process.name) \(process.number)"
                ) { lock in
                    switch command {
                    case .cutover: try await HandoverWork(world: world, process: process, lock: lock).run(.cutover)
                    case .rollback: try await HandoverWork(world: world, process: process, lock: lock).run(.rollback)
                    case .abort: try await RemovalWork(world: world, process: process, lock: lock).abort()
                    case .retire: try await RemovalWork(world: world, process: process, lock: lock).retire()
                    case .deploy, .unlock: try await DeployWork(world: world, process: process, lock: lock).run()
                    }
                }
            }
            world.trace?("\(process.name) ends")
            return .done
        } catch let error as NothingToDo {
            world.trace?("\(process.name): \(error.problem)")
            return .done
        } catch let error as HandoverUnfinished {
            world.trace?("\(process.name): \(error)")
            return .unfinished(error.record.kind == .cutover ? .cutover : .rollback)
        } catch {
            world.trace?("\(process.name): \(error)")
            return error is EffectBusy ? .busy : .failed
        }
    }
}
