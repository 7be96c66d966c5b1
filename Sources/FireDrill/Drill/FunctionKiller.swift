import Foundation

/// Kills processes of functions, as the plan says, until its task is cancelled.
struct FunctionKiller: Sendable {
    let cloud: DrillCloud
    let plan: FaultPlan
    let run: Int
    let tally: Tally

    func run() async {
        let processes = FunctionProcesses(parent: cloud.instance.pid)
        var number = 0
        while !Task.isCancelled {
            number += 1
            let next = plan.functionKill(run: run, number: number)
            guard (try? await Task.sleep(for: .milliseconds(next.milliseconds))) != nil else { return }
            var due = DrillPlan.FunctionKill(cycle: run, number: number, afterMilliseconds: next.milliseconds)
            let found = processes.all()
            if !found.isEmpty, !cloud.functionRun.isCalm {
                let victim = found[Int(next.choice % UInt64(found.count))]
                if processes.kill(victim) { due.function = victim.function }
            }
            tally.functionKill(due)
        }
    }
}
