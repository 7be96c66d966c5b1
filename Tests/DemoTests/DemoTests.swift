import Foundation
import Testing

/// Each runs the whole demo in miniature, as a process of its own, and takes some tens of seconds. One after the other: on two cores
/// they would only slow each other down.
@Suite(.serialized) struct DemoTests {
    /// Buys: the one command that newcomers run goes all the way, and what it promises is measured to be so.
    @Test(.timeLimit(.minutes(5))) func `the demo deploys, cuts over and rolls back under traffic and finds nothing amiss`() async throws {
        let result = try await DemoRun.run(["--events", "150", "--clients", "4"])
        #expect(result.status == 0, "\(result.story)")
        let figures = try #require(result.figures, "\(result.story)")
        #expect(figures.requests.failed == 0 && figures.requests.sent > figures.audit.acknowledged)
        #expect(figures.replay.events >= 150)
        #expect(figures.parity.verdict == "matched" && figures.parity.documents > 0 && figures.parity.coverage == 1)
        #expect(figures.cutover.writesTried >= 100 && figures.rollback.writesTried >= 100)
        #expect(figures.cutover.writePauseMilliseconds.max > 0 && figures.rollback.writePauseMilliseconds.max > 0)
        #expect(figures.audit.acknowledged > 150 && figures.audit.lost == 0 && figures.audit.duplicated == 0)
        #expect(figures.effects.sent == figures.effects.expected && figures.effects.duplicated == 0 && figures.effects.missing == 0)
        #expect(figures.problems.isEmpty)
    }

    /// Buys: the zeros of the test above mean something. Each fault is found and named as what it is, beside the others.
    @Test(.timeLimit(.minutes(5))) func `a lost event, an email sent twice and a failed request are found and named`() async throws {
        let faults = ["lose-event", "double-mail", "fail-request"].flatMap { ["--sabotage", $0] }
        let result = try await DemoRun.run(["--events", "30", "--clients", "4"] + faults)
        #expect(result.status == 1, "\(result.story)")
        let figures = try #require(result.figures, "\(result.story)")
        #expect(figures.audit.lost == 1 && figures.audit.duplicated == 0)
        #expect(figures.effects.duplicated == 1 && figures.effects.missing == 0)
        #expect(figures.requests.failed >= 1)
        for problem in ["1 acknowledged command lost", "1 email sent twice"] {
            #expect(figures.problems.contains { $0.contains(problem) }, "\(figures.problems)")
        }
        #expect(figures.problems.contains { $0.contains("failed") && $0.contains("429") }, "\(figures.problems)")
    }
}
