import Testing

@testable import Orchestrator
@testable import immutable

@Suite struct NextStepsTests {
    private func status(_ change: (inout StatusReport) -> Void) -> StatusReport {
        var status = Sample.status
        change(&status)
        return status
    }

    @Test func `an unfinished deployment goes on`() {
        let lines = NextSteps.lines(status { $0.releases[1].phase = "replaying" })
        #expect(
            lines == ["next: `immutable deploy <dir>` goes on with r2, from 'replaying'", "      `immutable abort orders` gives r2 up"])
    }

    @Test func `after a cutover the way back comes first`() {
        let lines = NextSteps.lines(
            status {
                $0.releases[0].state = "previous"
                $0.releases[1].state = "live"
                $0.live = "r2"
            })
        #expect(
            lines == [
                "next: `immutable rollback orders` hands the writes back to r1",
                "      `immutable retire orders` removes r1, and with it the way back",
            ])
    }

    @Test func `a release that gave the writes back is only retired`() {
        let lines = NextSteps.lines(status { $0.releases[1].state = "rolled-back" })
        #expect(lines == ["next: `immutable retire orders` removes r2, which gave the writes back; then deploy again"])
    }

    @Test(arguments: [("aborting", "abort"), ("retiring", "retire")])
    func `a removal that was begun goes on`(_ state: String, _ command: String) {
        let lines = NextSteps.lines(status { $0.releases[1].state = state })
        #expect(lines == ["next: `immutable \(command) orders` goes on removing r2; then deploy again"])
    }

    @Test func `a handover that was begun is ended before anything else`() {
        let lines = NextSteps.lines(
            status { $0.lastHandover = .init(id: "01H", kind: "cutover", from: "r1", to: "r2", state: "promoting", reason: nil) })
        #expect(lines == ["next: `immutable cutover orders` ends the cutover that was begun"])
    }

    @Test func `promoted shards are r2's although the rest has yet to follow`() {
        let status = status { $0.lastHandover = .init(id: "01H", kind: "cutover", from: "r1", to: "r2", state: "completed", reason: nil) }
        #expect(
            NextSteps.lines(status) == ["next: `immutable cutover orders` finishes the cutover: r2 owns the writes, the rest has to follow"]
        )
        #expect(status.text(.plain).contains("writes    r2 owns 1,204 events"))
        #expect(status.text(.plain).contains("leads to r1, which doesn't own the writes"))
    }

    @Test func `a handover that is under way is named beside the lock, in case its command is gone`() {
        let lines = NextSteps.lines(
            status {
                $0.lock = .init(holder: "ada@ci", doing: "cutover", since: "a", expires: "b", token: 3)
                $0.lastHandover = .init(id: "01H", kind: "cutover", from: "r1", to: "r2", state: "promoting", reason: nil)
            })
        #expect(
            lines == [
                "next: wait for 'cutover', or `immutable unlock orders` if that command is gone for good",
                "      `immutable cutover orders` ends the cutover that was begun",
            ])
    }

    @Test func `a lock is waited for`() {
        let lines = NextSteps.lines(
            status { $0.lock = .init(holder: "ada@ci", doing: "cutover", since: "a", expires: "b", token: 3) })
        #expect(lines == ["next: wait for 'cutover', or `immutable unlock orders` if that command is gone for good"])
    }
}
