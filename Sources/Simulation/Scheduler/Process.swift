import AWS
import Foundation

/// One process: a container of a function, or a person's command. It has a clock of its own, and may die at any store call.
final class Process: @unchecked Sendable {
    // Unchecked: only jobs of its schedule touch it, and ``Scheduler`` checks that they all run on one thread.
    let name: String
    let number: Int
    unowned let world: World
    private(set) var clock: ClientClock
    private(set) var isDead = false
    /// How far its clock is ahead of the true time, in microseconds.
    var skew = 0
    /// It stands still until then.
    var frozenUntil = 0
    /// Something was done to it that may make it fail: an error that the client's retries didn't mend, a long stall, its death.
    var isDisturbed = false
    /// What it was started for is done.
    var isDone = false
    private var chance: SplitMix64

    init(_ name: String, number: Int, world: World, seed: UInt64) {
        self.name = name
        self.number = number
        self.world = world
        chance = SplitMix64(seed: SplitMix64.mix(seed &+ UInt64(number)))
        clock = .system
        clock = ClientClock(
            now: { [unowned self] in Self.start.addingTimeInterval(Double(self.world.scheduler.now + skew) / 1_000_000) },
            sleep: { [unowned self] in try await sleep($0) },
            random: { [unowned self] in Double(chance.next() >> 11) * 0x1p-53 })
    }

    /// The schedule's first moment.
    static let start = Date(timeIntervalSince1970: 1_767_225_600)

    func sleep(_ duration: Duration) async throws {
        if isDead { throw Crashed() }
        try Task.checkCancellation()
        let (seconds, attoseconds) = duration.components
        let sleeper = Sleeper(self)
        wake(sleeper, at: world.scheduler.now + Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000))
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { sleeper.wait($0) }
        } onCancel: {
            sleeper.wake(throwing: CancellationError())
        }
    }

    private func wake(_ sleeper: Sleeper, at time: Int) {
        world.scheduler.at(time, sleeper: sleeper) { [unowned self] in
            if frozenUntil > world.scheduler.now { wake(sleeper, at: frozenUntil) } else { sleeper.wake() }
        }
    }

    /// Ends it: whatever it waits for fails, and every further call.
    func die() {
        if isDead || isDone { return }
        isDead = true
        isDisturbed = true
        for sleeper in world.scheduler.sleepers(of: self) { sleeper.wake(throwing: Crashed()) }
        world.died(self)
    }
}

/// The process is no more: nothing that it still tries is done.
struct Crashed: Error, CustomStringConvertible {
    var description: String { "the process died" }
}
