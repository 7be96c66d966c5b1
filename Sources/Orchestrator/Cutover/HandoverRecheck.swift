import AWS
import EventSourcing
import EventStore
import Synchronization

/// What a cutover compares: what the tail touched since the last comparison of everything, before the seal and once more in the pause.
public struct RecheckOptions: Sendable, Hashable {
    /// Compare everything first, however fresh the last comparison is.
    public var comparesAll = false
    /// The longest that the comparison in the pause may take.
    public var budget: Duration
    /// Whether what can't be compared within the budget ends the handover; else the receipt says that it is inconclusive.
    public var isRequired: Bool

    public static let defaultBudget: Duration = .milliseconds(250)

    public init(comparesAll: Bool = false, budget: Duration = Self.defaultBudget, isRequired: Bool = false) {
        self.comparesAll = comparesAll
        self.budget = budget
        self.isRequired = isRequired
    }
}

/// What came of the comparison in the pause.
public struct RecheckFigures: Sendable, Hashable, Codable {
    /// Documents compared again: all that the tail touched and that weren't compared since.
    public var documents: Int
    public var milliseconds: Double
    public var budgetMilliseconds: Double
    /// `inconclusive`: it didn't come to an end within the budget, or a stream can't be projected.
    public var verdict: ParityReport.Verdict
}

/// The comparison in the pause: it ends a handover before its decision where the releases differ.
final class HandoverRecheck: Sendable {
    private let verifier: Verifier
    private let report: ParityReport
    private let budget: Duration
    private let pace: RecheckPace
    /// Whether the handover goes on where it can't be told.
    private let mayBeInconclusive: Bool
    /// What the person who lets the handover go on knows to be held back by stopped streams, by read model.
    private let heldBack: [String: Set<String>]
    /// As far as it came.
    private let seen = Mutex(Verifier.Recheck())
    private let state = Mutex<(figures: RecheckFigures, report: ParityReport)?>(nil)
    private let refusal = Mutex(false)

    init(
        verifier: Verifier, report: ParityReport, budget: Duration, pace: RecheckPace, mayBeInconclusive: Bool,
        heldBack: [String: Set<String>] = [:]
    ) {
        self.verifier = verifier
        self.report = report
        self.budget = budget
        self.pace = pace
        self.mayBeInconclusive = mayBeInconclusive
        self.heldBack = heldBack
    }

    /// What it found, and the report of everything with that.
    var result: (figures: RecheckFigures, report: ParityReport)? { state.withLock { $0 } }

    /// Whether this comparison refused to let the handover go on. One that was let pass says nothing of how the handover ended.
    var refused: Bool { refusal.withLock { $0 } }

    /// Throws ``RecheckRefuses``. Writes must be sealed, and the tail drained. `limit`: what the handover's deadline leaves.
    func run(within limit: Duration) async throws {
        let start = ContinuousClock.now
        let budget = min(budget, limit)
        let recheck = try await bounded(budget)
        let figures = RecheckFigures(
            documents: recheck.documents, milliseconds: (ContinuousClock.now - start) / .milliseconds(1),
            budgetMilliseconds: budget / .milliseconds(1), verdict: recheck.verdict)
        let report = report.adding(recheck)
        state.withLock { $0 = (figures, report) }
        guard recheck.refuses(mayBeInconclusive: mayBeInconclusive, known: heldBack) else { return }
        refusal.withLock { $0 = true }
        throw RecheckRefuses(report: report, figures: figures)
    }

    /// Where the time is up, or something fails, what was seen until then: a difference is one however little was compared.
    private func bounded(_ budget: Duration) async throws -> Verifier.Recheck {
        let (answers, answer) = AsyncStream<Result<Verifier.Recheck, any Error>?>.makeStream()
        // Not waited for when the time is up: a call that is under way ends when it ends, and the writes wait. It reads, and projects what is
        // due anyway.
        let work = Task { [self] in
            do {
                let found = try await verifier.recheckSealed(held: heldBack) {
                    // Who insists on it may have all of the time that was allowed.
                    mayBeInconclusive ? pace.refusal(of: $0, within: budget) : nil
                } seen: { some in
                    seen.withLock { $0 = some }
                }
                answer.yield(.success(found))
            } catch {
                answer.yield(.failure(error))
            }
        }
        let timer = Task {
            try await Task.sleep(for: budget)
            answer.yield(nil)
        }
        defer {
            work.cancel()
            timer.cancel()
        }
        let first = await answers.first { _ in true } ?? nil
        try Task.checkCancellation()
        let reason: String
        switch first {
        case .success(let whole): return whole
        case .failure(let error) where !mayBeInconclusive && !(error is FunctionFailed): throw error
        case .failure(let error): reason = "\(error)"
        case nil: reason = "not compared again within \(Int(budget / .milliseconds(1))) ms"
        }
        var part = seen.withLock { $0 }
        part.stop("what was touched last", reason)
        return part
    }
}

extension Verifier.Recheck {
    /// Whether a comparison in the pause ends the handover.
    /// - Parameter known: the documents that stopped streams hold back and a person let it go on with, by read model. Others were stopped since.
    func refuses(mayBeInconclusive: Bool, known: [String: Set<String>]) -> Bool {
        switch verdict {
        case .matched: false
        case .mismatched: true
        case .inconclusive: !mayBeInconclusive || readModels.contains { $0.isHeldBack(beyond: known) }
        }
    }
}

extension ParityReport {
    /// With what another look at the touched documents found.
    func adding(_ recheck: Verifier.Recheck) -> ParityReport {
        var next = self
        for more in recheck.readModels {
            if let index = next.readModels.firstIndex(where: { $0.name == more.name }) {
                next.readModels[index].add(more, looked: recheck.looked[more.name] ?? [])
            } else {
                next.readModels.append(more)
            }
        }
        next.judge()
        return next
    }

    /// As far as it goes, and why not further.
    func undecided(_ reason: String) -> ParityReport {
        var next = self
        next.readModels.append(.inconclusive("(touched since)", reason))
        next.judge()
        return next
    }

    /// Whether stopped streams hold back more than `known`.
    func isHeldBack(beyond known: [String: Set<String>]) -> Bool { readModels.contains { $0.isHeldBack(beyond: known) } }

    /// The documents that stopped streams hold back, by read model.
    var heldBack: [String: Set<String>] {
        readModels.reduce(into: [:]) { all, model in
            if let stopped = model.stopped { all[model.name] = Set(stopped.documents) }
        }
    }
}

extension ParityReport.ReadModel {
    fileprivate func isHeldBack(beyond known: [String: Set<String>]) -> Bool {
        !Set(stopped?.documents ?? []).isSubset(of: known[name] ?? [])
    }
}

/// A comparison in the pause that ended the handover.
public struct RecheckRefuses: Error, Sendable, CustomStringConvertible {
    public var report: ParityReport
    public var figures: RecheckFigures

    public var description: String {
        if figures.verdict != .mismatched, let stopped = report.readModels.lazy.compactMap(\.stopped).first {
            return """
                what the tail touched since the last comparison could not all be compared in the pause, because streams are stopped: \
                \(stopped.summary). The handover was aborted before its decision: nothing moved, and the writes of \(report.live) go on.
                hint: `immutable parked \(report.stack)` shows them; run it again, and the guardrails name what can be waived
                """
        }
        return figures.verdict == .mismatched
            ? "what the tail touched since the last comparison differs in \(report.candidate). The handover was aborted before its decision: nothing moved, and the writes of \(report.live) go on.\nhint: mend the projection or the transform, then `immutable abort \(report.stack)`, and deploy again"
            : """
            what the tail touched since the last comparison could not all be compared in the pause. The handover was \
            aborted before its decision: nothing moved, and the writes of \(report.live) go on.
            hint: run it again; `--recheck-budget` gives it more time, without `--require-recheck` it goes on
            """
    }
}
