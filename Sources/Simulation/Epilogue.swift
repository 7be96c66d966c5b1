import AWS
import EventSourcing
import EventStore
import Foundation
import Orchestrator
import StackRuntime

/// What follows when nothing goes wrong any more: time passes, requests come, the last command is run again, everything is brought up to date.
/// Then all that must hold at rest is checked.
struct Epilogue: Sendable {
    let world: World

    func run() async {
        // Leases, claims and deadlines run out.
        try? await world.person.sleep(.seconds(45))
        await probe()
        await lastCommand()
        await catchUp()
        for violation in Checks(world: world).violations { world.fail(violation) }
    }

    /// Requests alone must end every seal.
    private func probe() async {
        for (index, stream) in world.streams.enumerated() {
            // One event at most: further streams show by a question that their events can be read.
            let events = index == 0 ? Int(world.schedule.number(0, salt: 6) & 1) : 0
            await Client(world: world, request: .init(id: "probe-\(index)", stream: stream, events: events), number: 90 + index).run()
        }
        for (shard, head) in world.oracle.heads
        where head.seal != nil && world.streams.contains(where: { world.oracle.shard(of: $0) == shard }) {
            world.fail(Violation(.sealsEnd, "shard \(shard) is still sealed by \(head.seal ?? "")"))
        }
    }

    private func lastCommand() async {
        let isThere = World.releases.map(world.releaseState) == world.schedule.endStates
        if isThere, Checks(world: world).violation(of: .oneOwner) == nil { return }
        let person = Person(world: world, name: "carol")
        _ = await person.perform(.unlock)
        for command in world.schedule.commands {
            var result = await person.perform(command)
            for _ in 0..<3 where result != .done {
                if case .unfinished(let other) = result { _ = await person.perform(other) }
                if result == .busy { await outwaitClaims() }
                result = await person.perform(command)
            }
            if result != .done { world.fail(Violation(.resumable, "\(command) fails although nothing goes wrong")) }
        }
        if world.oracle.heads.values.contains(where: { $0.seal != nil }) {
            world.fail(Violation(.sealsEnd, "a seal is left after the last command"))
        }
    }

    /// Where a clock jumped, the claim of a process that died may be dated an hour ahead. Otherwise it has run out.
    private func outwaitClaims() async {
        if world.schedule.jumpsClocks { try? await world.person.sleep(.seconds(3_800)) }
    }

    /// What an audit does: hints at what is behind, now and then at everything; the bus brings no hint any more.
    private func catchUp() async {
        let isThorough = world.schedule.number(0, salt: 7) & 7 == 0
        // What holds, until something is done.
        var holds: Set<Invariant> = []
        for kind in world.enabled.sorted(by: { $0.turn < $1.turn }) {
            if !isThorough, holds.contains(kind.invariant) || Checks(world: world).violation(of: kind.invariant) == nil {
                holds.insert(kind.invariant)
                continue
            }
            holds = []
            var last: (any Error)?
            for attempt in 0..<3 {
                if attempt == 1 { try? await world.person.sleep(.seconds(40)) }
                if attempt == 2 { await outwaitClaims() }
                do {
                    try await Consumer(kind: kind, world: world).invoke(Hints(world.streams))
                    last = nil
                    break
                } catch {
                    last = error
                }
            }
            if let last { world.fail(Violation(kind.invariant, "\(kind.name) fails although nothing goes wrong: \(last)")) }
        }
    }
}

extension Consumer.Kind {
    /// Replicators first: what they carry over is for the other release's projectors and reactors.
    fileprivate var turn: (Int, String) {
        if case .replicator = self { return (0, name) }
        return (1, name)
    }

    fileprivate var invariant: Invariant {
        switch self {
        case .projector: .readModels
        case .reactor: .effects
        case .replicator: .totals
        }
    }
}

extension Schedule {
    fileprivate var jumpsClocks: Bool {
        faults.contains {
            if case .clock = $0.kind { return true }
            return false
        }
    }

    /// What becomes of r1 and r2 where nobody but the first person does anything.
    fileprivate var endStates: [ReleaseRecord.State?] {
        if traits.ending == .abort { return [.live, .aborted] }
        let isRetired = traits.ending == .retire
        return traits.rollsBack ? [.live, isRetired ? .retired : .rolledBack] : [isRetired ? .retired : .previous, .live]
    }
}
