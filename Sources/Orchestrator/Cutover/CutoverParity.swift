import AWS
import EventSourcing
import EventStore

/// What a cutover knows of parity before the seal: a comparison of everything, and of what was touched since.
struct CutoverParity: Sendable {
    let verifier: Verifier
    /// What matched, and what didn't.
    private(set) var report: ParityReport
    /// As it was before what the tail touched was found to move, or to differ: in the pause it is looked at once more, at rest.
    private var base: ParityReport
    /// Documents compared again since.
    private(set) var documents = 0
    /// How long the last round of comparing again took, in seconds.
    private var lastRound = 0.0
    /// What the rounds tell of how long one takes.
    private var pace = RecheckPace(entries: 0, seconds: 0)

    init(verifier: Verifier, report: ParityReport) {
        self.verifier = verifier
        self.report = report
        base = report
    }

    /// More of the tail's transactions than this take longer to look at again than the whole may take.
    private static let entries = 5_000
    /// Rounds before the seal, at most.
    private static let lastRounds = 3
    /// What keeps changing for longer is compared at rest, in the pause.
    private static let patience: Duration = .seconds(6)

    /// Compares what is left to compare while both releases work.
    static func settle(
        _ view: StackView, from: ReleaseRecord, to: ReleaseRecord, options: RecheckOptions, lock: StackLock, sink: @escaping ProgressSink
    ) async throws -> CutoverParity {
        let verifier = Verifier(view: view, live: from, candidate: to, sink: sink)
        var parity: CutoverParity
        if !options.comparesAll, let report = to.parity?.fresh(at: view.cloud.dynamo.clock.now()),
            try await verifier.journal.entries(limit: entries) != nil
        {
            sink(.step("verify", why: "everything matched at \(report.at): what was touched since is compared again"))
            parity = CutoverParity(verifier: verifier, report: report)
            parity = try await parity.last()
        } else {
            sink(.step("verify", why: "the candidate's read models are compared with the live ones"))
            let outcome = try await verifier.compare()
            var record = to
            record.parity = ParityStamp(outcome.report)
            try await verifier.keep(outcome, as: record, fence: lock.fence)
            parity = CutoverParity(verifier: verifier, report: outcome.report)
        }
        return parity
    }

    /// Further rounds, each of what was touched during the one before it, while each leaves less to the pause.
    func lastBeforeSeal() async throws -> CutoverParity {
        var next = self
        var before = Int.max
        for _ in 0..<Self.lastRounds where next.report.verdict != .mismatched {
            let left = try await verifier.journal.entries(limit: Self.entries)?.count ?? Self.entries
            guard left > RecheckPace.few, left < before else { break }
            before = left
            next = try await next.last()
        }
        return next
    }

    /// Compares again what the tail touched up to now. What matched is off the journal; of what kept changing one entry stays, for the pause.
    func last() async throws -> CutoverParity {
        let recheck = try await verifier.recheck(patience: Self.patience)
        var next = self
        next.report = base.adding(recheck.definite)
        next.documents += recheck.documents
        next.lastRound = recheck.seconds
        next.pace = pace.followed(by: RecheckPace(entries: recheck.covered.count, seconds: recheck.seconds))
        try await verifier.journal.remove(recheck.settled)
        return next
    }

    /// What the comparison in the pause is likely to take, and what becomes of what doesn't fit into its budget.
    func guardrail(_ options: RecheckOptions) -> Guardrail {
        let limit = options.budget / .milliseconds(1)
        let expected = lastRound * 1_000
        return Guardrail(
            "recheck", !options.isRequired || expected <= limit,
            """
            \(documents) documents were touched since and compared again (the last round took \(Int(expected)) ms); what comes until the seal is \
            compared in the pause, within \(Int(limit)) ms: what isn't by then \(options.isRequired ? "aborts the handover" : "is inconclusive")
            """,
            waivable: true)
    }

    func inPause(_ options: RecheckOptions, isWaived: Bool) -> HandoverRecheck {
        HandoverRecheck(
            verifier: verifier, report: base, budget: options.budget, pace: pace, mayBeInconclusive: !options.isRequired || isWaived,
            heldBack: report.heldBack)
    }
}
