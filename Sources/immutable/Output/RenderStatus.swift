import Orchestrator

extension StatusReport: Answer {
    func text(_ style: Style) -> String {
        var lines = [style.bold(stack) + "  \(region)"]
        if let domain {
            let leads = routedTo.map { "leads to \($0)" } ?? "leads to no release"
            lines.append("  \(domain) \(leads)\(routedTo != owner ? ", which doesn't own the writes" : "")")
        }
        lines.append("")
        let rows = releases.map { release in
            [
                release.name, release.state, release.state == "candidate" ? "at '\(release.phase)'" : "",
                release.replayedEvents.map { "\(Figures.count($0)) replayed" } ?? "", release.parity.map { "parity \($0)" } ?? "",
                "\(release.artifact) build", "deployed \(Figures.time(release.createdAt))",
            ]
        }
        for (line, release) in zip(Columns.lines(rows, indent: "  "), releases) {
            lines.append(release.name == live ? style.green(line) : release.isGone ? style.dim(line) : line)
        }
        lines.append("")
        lines += Columns.lines(facts, indent: "  ")
        func list(_ title: String, _ content: [String]) {
            if !content.isEmpty { lines += ["", style.yellow("! \(title)")] + content.map { "  \($0)" } }
        }
        list(
            "set aside by a replay, and not in the release",
            releases.filter { !$0.isGone }.compactMap { release in release.quarantine.map { "\(release.name): \($0.summary)" } })
        list(
            "parked streams (the others go on)",
            parked.map(ParkedText.line) + (parked.isEmpty ? [] : ["see `immutable parked \(stack)`"]))
        list(
            "effects in doubt: `immutable effects \(stack)`",
            effectsInDoubt.map { "\($0.reactor)/\($0.eventId)  \($0.type) at \($0.position)" })
        list(
            "rebuilds that aren't finished",
            rebuilds.map {
                "\($0.readModel) of \($0.release), \($0.phase.rawValue): `immutable rebuild \(stack) \($0.readModel) --release \($0.release)` goes on"
            })
        list("resources of no release that is known", orphans)
        lines += [""] + NextSteps.lines(self)
        return lines.joined(separator: "\n")
    }

    /// The handover whose heads are promoted, but not yet what follows from that.
    var unsettled: Handover? {
        lastHandover.flatMap { $0.state == "completed" && $0.to != live ? $0 : nil }
    }

    private var owner: String? { unsettled?.to ?? live }

    private var facts: [[String]] {
        var facts = [
            [
                "writes",
                "\(owner.map { "\($0) owns" } ?? "no release owns") \(Figures.count(events, "event")) on \(shards) shards"
                    + (sealedShards > 0 ? "; \(sealedShards) sealed now" : ""),
            ],
            ["outbox", "\(Figures.count(outbox, "commit")) waiting to be replicated"],
        ]
        if let handover = lastHandover {
            let reason = handover.reason.map { ": \($0)" } ?? ""
            facts.append(["handover", "\(handover.kind) from \(handover.from) to \(handover.to), \(handover.state)\(reason)"])
        }
        facts.append(["lock", lock.map { "held by \($0.description)" } ?? "free"])
        return facts
    }
}

extension StatusReport.Release {
    /// Whether its resources are removed.
    var isGone: Bool { state == "aborted" || state == "retired" }
}

/// What a person may do now.
enum NextSteps {
    static func lines(_ status: StatusReport) -> [String] {
        let stack = status.stack
        var steps: [String] = []
        func step(_ command: String, _ what: String) { steps.append("`immutable \(command)` \(what)") }
        func lines() -> [String] { steps.enumerated().map { ($0 == 0 ? "next: " : "      ") + $1 } }
        if let lock = status.lock {
            steps.append("wait for '\(lock.doing)', or `immutable unlock \(stack)` if that command is gone for good")
        }
        if let handover = status.unsettled {
            step(
                "\(handover.kind) \(stack)", "finishes the \(handover.kind): \(handover.to) owns the writes, the rest has to follow")
            return lines()
        }
        if let handover = status.lastHandover, handover.state == "sealing" || handover.state == "promoting" {
            step("\(handover.kind) \(stack)", "ends the \(handover.kind) that was begun")
            return lines()
        }
        if status.lock != nil { return lines() }
        if let candidate = status.releases.last(where: { $0.state == "candidate" }) {
            if candidate.phase == "ready" {
                step("cutover \(stack)", "hands the writes to \(candidate.name)")
            } else {
                step("deploy <dir>", "goes on with \(candidate.name), from '\(candidate.phase)'")
            }
            step("abort \(stack)", "gives \(candidate.name) up")
        }
        if let previous = status.releases.last(where: { $0.state == "previous" }) {
            step("rollback \(stack)", "hands the writes back to \(previous.name)")
            step("retire \(stack)", "removes \(previous.name), and with it the way back")
        } else if let back = status.releases.last(where: { $0.state == "rolled-back" }) {
            step("retire \(stack)", "removes \(back.name), which gave the writes back; then deploy again")
        }
        if let going = status.releases.last(where: { $0.state == "retiring" }) {
            step("retire \(stack)", "goes on removing \(going.name); then deploy again")
        }
        if let going = status.releases.last(where: { $0.state == "aborting" }) {
            step("abort \(stack)", "goes on removing \(going.name); then deploy again")
        }
        if steps.isEmpty { step("deploy <dir>", "prepares the next release") }
        return lines()
    }
}
