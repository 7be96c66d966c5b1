import Foundation
import Synchronization
import Traffic

/// Counts what happens, from wherever it happens.
final class Tally: Sendable {
    private struct State {
        var figures = DrillFigures()
        var handovers: [HandoverKind: [HandoverFigures.Seen]] = [:]
        var faults: [FaultCount: Int] = [:]
        /// Of the local clouds before this one.
        var past = DrillFigures.Audits()
        var pastMails = DrillFigures.Mails()
    }
    private struct HandoverKind: Hashable {
        var command: ToolCommand
        var wasInterrupted: Bool

        var order: String { "\(command.rawValue) \(wasInterrupted ? 1 : 0)" }
    }
    private let state = Mutex(State())
    private let start = ContinuousClock.now

    init(seed: UInt64) { state.withLock { $0.figures.seed = seed } }

    var figures: DrillFigures {
        state.withLock { state in
            var figures = state.figures
            figures.seconds = (ContinuousClock.now - start) / .seconds(1)
            figures.handovers = state.handovers.sorted { $0.key.order < $1.key.order }.map {
                HandoverFigures($0.key.command, wasInterrupted: $0.key.wasInterrupted, $0.value)
            }
            figures.faults = state.faults.map {
                .init(caller: $0.key.caller.rawValue, kind: $0.key.kind.rawValue, operation: $0.key.operation, count: $0.value)
            }.sorted { ($0.caller, $0.kind, $1.count, $0.operation) < ($1.caller, $1.kind, $0.count, $1.operation) }
            return figures
        }
    }

    func aims(at asked: Int, _ unit: DrillFigures.Aim.Unit) {
        state.withLock { $0.figures.aim = DrillFigures.Aim(unit: unit, asked: asked) }
    }

    func follows(_ plan: DrillPlan) { state.withLock { $0.figures.plan = plan } }

    /// What the plan has for a process of the tool that is about to start.
    func plans(_ run: DrillPlan.ToolRun) {
        state.withLock { state -> Void in _ = state.figures.plan?.toolRuns.append(run) }
    }

    func cycle(_ story: Story) {
        state.withLock {
            $0.figures.cycles += 1
            $0.figures.aim.done += 1
            $0.figures.stories[story.rawValue, default: 0] += 1
        }
    }

    func needs(_ command: ToolCommand) { state.withLock { $0.figures.commands[command.rawValue, default: .init()].needed += 1 } }

    func count(_ command: ToolCommand, _ attempt: ToolRunner.Attempt) {
        state.withLock { state in
            state.figures.toolCalls += attempt.calls.count
            var figures = state.figures.commands[command.rawValue, default: .init()]
            figures.runs += 1
            figures.calls += attempt.calls.count
            if let killed = attempt.killed {
                figures.killed += 1
                let place = "\(command.rawValue), after '\(killed.step)', \(killed.moment.rawValue)"
                state.figures.toolKills[place, default: 0] += 1
                if let planned = state.figures.plan?.toolRuns.lastIndex(where: { $0.run == attempt.run }) {
                    state.figures.plan?.toolRuns[planned].wasStruck = true
                }
            } else {
                figures.statuses[attempt.status, default: 0] += 1
            }
            state.figures.commands[command.rawValue] = figures
            for call in attempt.calls {
                guard let kind = call.fault else { continue }
                state.faults[FaultCount(caller: .tool, kind: kind, operation: call.operation.description), default: 0] += 1
            }
        }
    }

    func recorded(_ command: ToolCommand, calls: Int) {
        state.withLock { $0.figures.everyCall[command.rawValue, default: .init()].calls = calls }
    }

    /// The runs of a command that was to be killed at one of its calls.
    func everyCall(_ command: ToolCommand, _ attempts: [ToolRunner.Attempt]) {
        state.withLock { state in
            var figures = state.figures.everyCall[command.rawValue, default: .init()]
            if let killed = attempts.first?.killed {
                figures.kills += 1
                figures.operations.insert(killed.call.operation.description)
                let others = attempts.dropFirst().dropLast()
                if others.isEmpty {
                    figures.completed += 1
                } else if others.allSatisfy({ $0.status == 7 }) {
                    figures.abortedThenCompleted += 1
                } else {
                    figures.later += 1
                }
            } else {
                figures.missed += 1
            }
            state.figures.everyCall[command.rawValue] = figures
            state.figures.aim.done += 1
        }
    }

    /// A local cloud is about to be stopped: what its functions' calls met.
    func functions(_ run: ProxyRun) {
        let (count, faults) = (run.count, run.faults)
        state.withLock { state in
            state.figures.functionCalls += count
            state.faults.merge(faults, uniquingKeysWith: +)
        }
    }

    /// A kill of a function's process was due.
    func functionKill(_ kill: DrillPlan.FunctionKill) {
        state.withLock { state in
            state.figures.plan?.functionKills.append(kill)
            guard let function = kill.function else { return }
            let part = function.split(separator: "-").dropFirst(2).joined(separator: "-")
            state.figures.functionKills[part.isEmpty ? function : part, default: 0] += 1
        }
    }

    func inDoubt(wasSent: Bool) {
        state.withLock { state in
            if wasSent { state.figures.mails.inDoubtAndSent += 1 } else { state.figures.mails.inDoubtAndNotSent += 1 }
        }
    }

    func handover(_ command: ToolCommand, _ seen: HandoverFigures.Seen, wasInterrupted: Bool) {
        state.withLock { $0.handovers[HandoverKind(command: command, wasInterrupted: wasInterrupted), default: []].append(seen) }
    }

    func traffic(_ counts: TrafficCounts) {
        state.withLock { state in
            state.figures.requests.sent += counts.sent
            state.figures.requests.failed += counts.failed
            state.figures.requests.sentAgain += counts.sentAgain
        }
    }

    /// An audit of all that was written since its local cloud was started.
    func audit(_ report: OutsideAudit.Report, leftovers: Int) {
        state.withLock { state in
            var (audit, mails) = (state.past, state.pastMails)
            audit.runs = state.figures.audit.runs + 1
            audit.acknowledged += report.audit.acknowledged
            audit.lost += report.audit.lost
            audit.duplicated += report.audit.duplicated
            audit.versionGaps += report.audit.versionGaps
            audit.outOfOrder += report.audit.outOfOrder
            audit.readModelMismatches += report.audit.readModelMismatches
            audit.leftovers += leftovers
            mails.expected += report.effects.expected
            mails.sent += report.effects.sent
            mails.duplicated += report.effects.duplicated
            mails.missing += report.effects.missing
            mails.unexpected += report.effects.unexpected
            (mails.inDoubtAndSent, mails.inDoubtAndNotSent) = (state.figures.mails.inDoubtAndSent, state.figures.mails.inDoubtAndNotSent)
            state.figures.audit = audit
            state.figures.mails = mails
        }
    }

    /// The next audits are of another local cloud.
    func newCloud() {
        state.withLock { state in
            state.past = state.figures.audit
            state.pastMails = state.figures.mails
            state.figures.clouds += 1
        }
    }

    func found(_ finding: String, in place: String) {
        state.withLock { state in
            state.figures.finding = finding
            state.figures.foundIn = place
        }
    }
}
