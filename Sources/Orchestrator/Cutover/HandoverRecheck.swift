import AWS
import EventSourcing
import EventStore
import Synchronization

/// What a cutover compares: what the tail touched since the last comparison of everything, before the seal and once more in the pause.
public struct RecheckOptions: Sendable, Hashable {
    /// Compare everything first, however fresh the last comparison is.
    public var comparesAll = false
    /// The longest that the comparison in the pause may take.
    public var budget: Duration = .seconds(3)

    public init(comparesAll: Bool = false, budget: Duration = .seconds(3)) {
        self.comparesAll = comparesAll
        self.budget = budget
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
    /// Whether a person goes on where it can't be told.
    private let mayBeInconclusive: Bool
    private let state = Mutex<(figures: RecheckFigures, report: ParityReport)?>(nil)

    init(verifier: Verifier, report: ParityReport, budget: Duration, mayBeInconclusive: Bool) {
        self.verifier = verifier
        self.report = report
        self.budget = budget
        self.mayBeInconclusive = mayBeInconclusive
    }

    /// What it found, and the report of everything with that.
    var result: (figures: RecheckFigures, report: ParityReport)? { state.withLock { $0 } }

    /// Throws ``RecheckRefuses``. Writes must be sealed, and the tail drained.
    func run() async throws {
        let start = ContinuousClock.now
        let recheck = try await bounded()
        let figures = RecheckFigures(
            documents: recheck?.documents ?? 0, milliseconds: (ContinuousClock.now - start) / .milliseconds(1),
            budgetMilliseconds: budget / .milliseconds(1), verdict: recheck?.verdict ?? .inconclusive)
        let report = recheck.map(report.adding) ?? report.undecided("not compared again within \(Int(figures.budgetMilliseconds)) ms")
        state.withLock { $0 = (figures, report) }
        switch figures.verdict {
        case .matched: return
        case .inconclusive where mayBeInconclusive: return
        case .mismatched, .inconclusive: throw RecheckRefuses(report: report, figures: figures)
        }
    }

    /// `nil` where the time is up.
    private func bounded() async throws -> Verifier.Recheck? {
        let (verifier, budget) = (verifier, budget)
        return try await withThrowingTaskGroup(of: Verifier.Recheck?.self) { group in
            group.addTask {
                do { return try await verifier.recheckSealed() } catch is FunctionFailed { return nil }
            }
            group.addTask {
                try await Task.sleep(for: budget)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}

extension ParityReport {
    /// With what another look at the touched documents found.
    func adding(_ recheck: Verifier.Recheck) -> ParityReport {
        var next = self
        for more in recheck.readModels {
            if let index = next.readModels.firstIndex(where: { $0.name == more.name }) {
                next.readModels[index].add(more)
            } else {
                next.readModels.append(more)
            }
        }
        next.verdict = [verdict, recheck.verdict].worst
        return next
    }

    /// As far as it goes, and why not further.
    func undecided(_ reason: String) -> ParityReport {
        var next = self
        next.readModels.append(.inconclusive("(touched since)", reason))
        next.verdict = [verdict, .inconclusive].worst
        return next
    }
}

extension [ParityReport.Verdict] {
    var worst: ParityReport.Verdict { contains(.mismatched) ? .mismatched : contains(.inconclusive) ? .inconclusive : .matched }
}

/// A comparison in the pause that ended the handover.
public struct RecheckRefuses: Error, Sendable, CustomStringConvertible {
    public var report: ParityReport
    public var figures: RecheckFigures

    public var description: String {
        figures.verdict == .mismatched
            ? "what the tail touched since the last comparison differs in \(report.candidate). The handover was aborted before its decision: nothing moved, and the writes of \(report.live) go on."
            : """
            what the tail touched since the last comparison could not be compared within \(Int(figures.budgetMilliseconds)) ms. The handover was \
            aborted before its decision: nothing moved, and the writes of \(report.live) go on.
            hint: run it again; `--recheck-budget` gives it more time, `--waive recheck` goes on without
            """
    }
}
