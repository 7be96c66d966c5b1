import Foundation
import Testing

/// Each runs the whole demo in miniature, as a process of its own, and takes some tens of seconds. One after the other: on two cores
/// they would only slow each other down.
@Suite(.serialized) struct DemoTests {
    /// Buys: the one command that newcomers run goes all the way, and what it promises is measured to be so.
    @Test(.timeLimit(.minutes(5))) func `the demo deploys, cuts over and rolls back under traffic and finds nothing amiss`() async throws {
        let result = try await DemoRun.run("--events", "150", "--clients", "4")
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

    /// Buys: the zeros of the test above mean something, for the audit would have seen a lost event.
    @Test(.timeLimit(.minutes(5))) func `an event that is lost is found and named`() async throws {
        let result = try await DemoRun.run("--events", "30", "--clients", "4", "--sabotage", "lose-event")
        #expect(result.status == 1, "\(result.story)")
        let figures = try #require(result.figures, "\(result.story)")
        #expect(figures.audit.lost == 1)
        #expect(figures.problems.contains { $0.contains("1 acknowledged command lost") })
    }

    /// Buys: the audit would have seen an email that was sent twice.
    @Test(.timeLimit(.minutes(5))) func `an email that is sent twice is found and named`() async throws {
        let result = try await DemoRun.run("--events", "30", "--clients", "4", "--sabotage", "double-mail")
        #expect(result.status == 1, "\(result.story)")
        let figures = try #require(result.figures, "\(result.story)")
        #expect(figures.effects.duplicated == 1)
        #expect(figures.problems.contains { $0.contains("1 email sent twice") })
    }

    /// Buys: the clients would have seen a request that fails.
    @Test(.timeLimit(.minutes(5))) func `a request that fails is found and named`() async throws {
        let result = try await DemoRun.run("--events", "30", "--clients", "4", "--sabotage", "fail-request")
        #expect(result.status == 1, "\(result.story)")
        let figures = try #require(result.figures, "\(result.story)")
        #expect(figures.requests.failed >= 1)
        #expect(figures.problems.contains { $0.contains("failed") && $0.contains("429") })
    }
}
