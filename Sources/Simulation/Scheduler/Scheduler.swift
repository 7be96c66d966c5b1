import Foundation
import Orchestrator

/// Runs all tasks of one schedule on the thread that calls ``run(until:)``, and decides in which order what they wait for happens.
final class Scheduler: TaskExecutor, @unchecked Sendable {
    // Unchecked: only the thread that made it touches it, which `enqueue` checks; every task of the schedule prefers this executor.
    private let thread = pthread_self()

    /// Virtual time in microseconds.
    private(set) var now = 0
    /// Store calls that were made since the last event, until it is decided when they happen.
    private var arrivals: [StoreCall] = []
    private var jobs: [UnownedJob] = []
    private var events = EventQueue()
    /// Decides when a call happens.
    var place: (StoreCall) -> Void = { _ in }

    func enqueue(_ job: consuming ExecutorJob) {
        precondition(pthread_equal(thread, pthread_self()) != 0, "a task of a schedule was resumed by another thread than the schedule's")
        jobs.append(UnownedJob(job))
    }

    func start(_ body: @escaping @Sendable () async -> Void) {
        _ = Task(executorPreference: self) { await Uncancelled.$executor.withValue(self) { await body() } }
    }

    func arrive(_ call: StoreCall) { arrivals.append(call) }

    func at(_ time: Int, sleeper: Sleeper? = nil, _ action: @escaping () -> Void) { events.add(at: time, sleeper: sleeper, action) }

    /// Sleepers of a process that died.
    func sleepers(of process: Process) -> [Sleeper] { events.events.compactMap(\.sleeper).filter { $0.process === process } }

    /// Until nothing is left to happen, or `isDone`. Returns whether it was done.
    func run(until isDone: () -> Bool) -> Bool {
        while true {
            settle()
            if isDone() { return true }
            guard let event = events.next() else { return false }
            if let sleeper = event.sleeper, sleeper.isAwake { continue }
            now = max(now, event.time)
            event.action()
        }
    }

    /// Runs every task until it waits for something, then decides when the calls happen that were made.
    private func settle() {
        var next = 0
        while true {
            while next < jobs.count {
                next += 1
                jobs[next - 1].runSynchronously(on: asUnownedTaskExecutor())
            }
            jobs.removeAll(keepingCapacity: true)
            next = 0
            if arrivals.isEmpty { return }
            var placed = arrivals
            arrivals.removeAll(keepingCapacity: true)
            // The tasks of one process start in an order that may differ from run to run: a dictionary's.
            if placed.count > 1 { placed.sort { $0.precedes($1) } }
            for call in placed { place(call) }
        }
    }
}

/// A task that waits for a moment of virtual time.
final class Sleeper: @unchecked Sendable {
    // Unchecked: only jobs of its schedule touch it, and ``Scheduler`` checks that they all run on one thread.
    let process: Process
    private var continuation: UnsafeContinuation<Void, any Error>?
    private(set) var isAwake = false

    init(_ process: Process) { self.process = process }

    func wait(_ continuation: UnsafeContinuation<Void, any Error>) {
        if isAwake { return continuation.resume(throwing: CancellationError()) }
        self.continuation = continuation
    }

    func wake(throwing error: (any Error)? = nil) {
        if isAwake { return }
        isAwake = true
        if let error { continuation?.resume(throwing: error) } else { continuation?.resume() }
        continuation = nil
    }
}
