import AWS
import EventSourcing
import EventStore
import Foundation
import StackRuntime
import Synchronization

/// A command function's container: serves one request at a time, and remembers the heads between them.
final class Container: Sendable {
    let release: String
    let process: Process
    private let world: World
    private let run: CommandRun

    /// A function is stopped after so many microseconds.
    static let timeout = 28_000_000

    init(release: String, process: Process, world: World) {
        self.release = release
        self.process = process
        self.world = world
        let ledger = world.ledger(process)
        run = CommandRun(
            appender: Appender(ledger: ledger, release: release),
            reader: StreamReader(dynamo: ledger.dynamo, table: World.names.release(release).events),
            participant: Participant(ledger: ledger, handovers: world.handovers(process)))
    }

    /// What a caller gets: an answer, or nothing that it could use.
    struct Reply: Sendable {
        var answer: Answer?
        /// Whether something was done to those who served it that may make a request fail.
        var isDisturbed: Bool
        /// Whether the writes had left the release that was asked.
        var isElsewhere = false
    }

    /// Invokes a function of `release`. The caller gets its reply, or the gateway's after the function was stopped.
    static func invoke(_ release: String, _ request: Client.Request, forwarded: Bool, in world: World) async -> Reply {
        let container = world.container(release)
        let promise = Promise<Reply>()
        let start = world.scheduler.now
        world.scheduler.start {
            let reply = await container.serve(request, forwarded: forwarded, since: start)
            world.give(back: container)
            promise.fulfil(reply)
        }
        world.scheduler.at(start + timeout) {
            if promise.isFulfilled { return }
            container.process.die()
            promise.fulfil(Reply(answer: nil, isDisturbed: container.process.isDisturbed))
        }
        return await promise.value
    }

    private func serve(_ request: Client.Request, forwarded: Bool, since start: Int) async -> Reply {
        let world = world
        let command = Application.command(
            request.stream, events: request.events, release: release, transforms: world.schedule.traits.transforms,
            sabotage: world.store.sabotage)
        let identity = RequestIdentity(command: request.id, digest: "digest-of-\(request.id)")
        let process = process
        let remaining: @Sendable () -> Double = { Double(start + Self.timeout - 1_000_000 - world.scheduler.now) / 1_000_000 }
        do {
            if forwarded {
                switch try await run.run(command, identity, isForwarded: true, remaining: remaining) {
                case .answered(let answer): return Reply(answer: answer, isDisturbed: process.isDisturbed)
                case .moved: return Reply(answer: nil, isDisturbed: process.isDisturbed, isElsewhere: true)
                }
            }
            let service = try await run.serve(command, identity, remaining: remaining) { owner -> Reply? in
                if world.store.sabotage == .losesForwarded { return Reply(answer: nil, isDisturbed: process.isDisturbed) }
                // The invocation itself may fail as any call may.
                try await SimulatedStore(process: process).other("\(request.id) is forwarded to \(owner)") {}
                let reply = await Self.invoke(owner, request, forwarded: true, in: world)
                if process.isDead { throw Crashed() }
                return reply.isElsewhere ? nil : reply
            }
            switch service {
            case .answered(let answer): return Reply(answer: answer, isDisturbed: process.isDisturbed)
            case .forwarded(var reply):
                reply.isDisturbed = reply.isDisturbed || process.isDisturbed
                return reply
            }
        } catch {
            world.trace?("\(process.name): \(request.id) failed: \(error)")
            return Reply(answer: nil, isDisturbed: process.isDisturbed)
        }
    }
}

/// A value that one task waits for and whoever comes first gives.
final class Promise<Value: Sendable>: Sendable {
    private enum State: Sendable {
        case open
        case awaited(UnsafeContinuation<Value, Never>)
        case fulfilled(Value)
    }

    private let state = Mutex(State.open)

    var isFulfilled: Bool { state.withLock { if case .fulfilled = $0 { true } else { false } } }

    func fulfil(_ value: Value) {
        let waiting = state.withLock { state -> UnsafeContinuation<Value, Never>? in
            switch state {
            case .open: state = .fulfilled(value)
            case .awaited(let continuation):
                state = .fulfilled(value)
                return continuation
            case .fulfilled: break
            }
            return nil
        }
        waiting?.resume(returning: value)
    }

    var value: Value {
        get async {
            await withUnsafeContinuation { continuation in
                let given = state.withLock { state -> Value? in
                    if case .fulfilled(let value) = state { return value }
                    state = .awaited(continuation)
                    return nil
                }
                if let given { continuation.resume(returning: given) }
            }
        }
    }
}
