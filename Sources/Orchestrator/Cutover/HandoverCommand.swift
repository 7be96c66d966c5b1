import AWS
import EventSourcing
import EventStore
import Foundation

/// `immutable cutover` and `immutable rollback`: guardrails, the question, the handover, the flip, and what follows. Run again, it goes on where it stopped.
public struct HandoverCommand: Sendable {
    public let cloud: Cloud
    public let stack: String
    public let kind: HandoverRecord.Kind
    public let waived: Set<String>
    public let recheck: RecheckOptions
    private let sink: ProgressSink
    /// Throws where nobody could answer the question; asked before anything that takes long.
    private let ready: @Sendable () throws -> Void
    /// Shows what will be done and asks; `false` ends the command with nothing changed.
    private let confirm: @Sendable (Intent) async throws -> Bool

    public enum Outcome: Sendable {
        case done(Receipt)
        /// The last handover was this one: there is nothing left to do.
        case alreadyDone(Receipt)
        /// The question was answered with no.
        case declined
    }

    /// What a person is asked about.
    public struct Intent: Sendable {
        public var kind: HandoverRecord.Kind
        public var stack: String
        public var from: String
        public var to: String
        public var guardrails: [Guardrail]
        public var parity: ParityReport?
    }

    public init(
        cloud: Cloud, stack: String, kind: HandoverRecord.Kind, waived: Set<String> = [], recheck: RecheckOptions = .init(),
        sink: @escaping ProgressSink, ready: @escaping @Sendable () throws -> Void = {},
        confirm: @escaping @Sendable (Intent) async throws -> Bool
    ) {
        self.cloud = cloud
        self.stack = stack
        self.kind = kind
        self.waived = waived
        self.recheck = recheck
        self.sink = sink
        self.ready = ready
        self.confirm = confirm
    }

    public func run() async throws -> Outcome {
        _ = try await StackView.load(cloud, stack)
        return try await StackLock.holding(cloud.dynamo, stack, doing: kind.rawValue) { lock in
            try await perform(lock)
        }
    }

    private func perform(_ lock: StackLock) async throws -> Outcome {
        if let finished = try await resume(try await StackView.load(cloud, stack), lock) { return .done(finished) }
        let view = try await StackView.load(cloud, stack)
        if let receipt = try await receiptOfLast(view) {
            // Aliases follow the states, and may have failed; and whoever slept before it moved the domain may have moved it back since.
            if let live = view.live {
                let router = DomainRouter(cloud: cloud, stack: live.manifest)
                try await router.route(to: live)
                try await router.confirm(live.release)
                try await router.routeAliases(to: live)
            }
            return .alreadyDone(receipt)
        }
        guard let from = view.live else { throw NothingToHandOver(stack: stack, problem: "no release is live") }
        let to = try receiver(view)
        if kind == .cutover, to.phase != .ready { throw NotReady(release: to.release, phase: to.phase) }
        try ready()
        var basis: CutoverParity?
        if kind == .cutover {
            let settled = try await CutoverParity.settle(view, from: from, to: to, options: recheck, lock: lock, sink: sink)
            if settled.report.verdict == .mismatched { throw try await differs(settled.report, view, [from, to]) }
            basis = settled
        }
        let parity = basis?.report
        sink(.step("guardrails", why: "nothing is touched until all of them hold"))
        let checks = GuardrailChecks(view: view, from: from, to: to, kind: kind, sink: sink)
        var guardrails = try await checked(checks, basis)
        let intent = Intent(kind: kind, stack: stack, from: from.release, to: to.release, guardrails: guardrails, parity: parity)
        guard guardrails.allSatisfy(\.lets) else { throw GuardrailsRefuse(guardrails: guardrails) }
        guard try await confirm(intent) else { return .declined }
        let route = try await route(view.urgent, kind: kind, from: from, to: to)
        sink(.step("sweep", why: "what waits in the outboxes is copied first, so that the pause is short; writes go on"))
        // What is waiting is copied before the pause, so that the drain is short; and compared, so that little is left to compare.
        try await Sweeper(cloud: cloud, function: route.replicator).sweep(view.shards.all)
        if let last = try await basis?.lastBeforeSeal() {
            basis = last
            if last.report.verdict == .mismatched { throw try await differs(last.report, view, [from, to]) }
            if last.report.isHeldBack(beyond: parity?.heldBack ?? [:]) {
                // Streams stopped while a person thought about it: nobody has let that pass.
                guardrails = try await checked(checks, last)
                guard guardrails.allSatisfy(\.lets) else { throw GuardrailsRefuse(guardrails: guardrails) }
            }
        }
        let inPause = basis?.inPause(recheck, isWaived: guardrails.contains { $0.name == "recheck" && $0.waived })
        let held = guardrails
        return .done(
            try await telling(view, after: try await view.handovers.current()) {
                let (record, timing) = try await refusing(inPause) { try await handover(view, route, lock, inPause).start() }
                return try await settle(
                    view, record, timing, held, inPause?.result?.report ?? parity, inPause?.result?.figures, lock)
            })
    }

    private func checked(_ checks: GuardrailChecks, _ basis: CutoverParity?) async throws -> [Guardrail] {
        try Guardrail.waive(try await checks.run(parity: basis?.report, recheck: basis?.guardrail(recheck)), waived)
    }

    /// Names the parked streams, too: the guardrail that would isn't reached.
    private func differs(_ report: ParityReport, _ view: StackView, _ releases: [ReleaseRecord]) async throws -> ParityDiffers {
        var parked: [Parking.Entry] = []
        for record in releases { parked += try await ParkedStreams(view: view).entries(of: record.release) }
        return ParityDiffers(report: report, parked: parked)
    }

    /// Where `body` fails once writes have been stopped, its error says where they are.
    /// - Parameter last: the handover before this one.
    private func telling<T>(_ view: StackView, after last: HandoverRecord?, _ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let error where !(error is HandoverAborted || error is RecheckRefuses || error is LockLost) {
            let found: HandoverRecord?
            do {
                found = try await Uncancelled.run { try await view.handovers.current() }
            } catch let unread {
                throw HandoverUnsettled(stack: stack, kind: kind, record: nil, cause: error is CancellationError ? unread : error)
            }
            // It ended, or was never begun: the error says it all.
            guard let found, found.id != last?.id, found.state != .aborted else { throw error }
            throw HandoverUnsettled(stack: stack, kind: kind, record: found, cause: error)
        }
    }

    /// Where the comparison in the pause ended the handover, its error says more than the abort's.
    private func refusing<T>(_ recheck: HandoverRecheck?, _ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let error as HandoverAborted {
            guard let recheck, recheck.refused, let result = recheck.result else { throw error }
            throw RecheckRefuses(report: result.report, figures: result.figures)
        }
    }

    /// The receipt of the handover that this command would do, where it was the stack's last and nothing came after it.
    private func receiptOfLast(_ view: StackView) async throws -> Receipt? {
        guard (kind == .cutover ? view.candidate : view.previous) == nil, let last = try await view.handovers.current(),
            last.kind == kind, last.state == .completed, view.live?.release == last.to
        else { return nil }
        return try await Receipt.of(last, in: view)
    }

    private func receiver(_ view: StackView) throws -> ReleaseRecord {
        switch kind {
        case .cutover:
            guard let candidate = view.candidate else {
                throw NothingToHandOver(stack: stack, problem: "there is no candidate: `immutable deploy <dir>` prepares one")
            }
            return candidate
        case .rollback:
            guard let previous = view.previous else {
                throw NothingToHandOver(stack: stack, problem: "there is no previous release to give the writes back to")
            }
            return previous
        }
    }

    /// Finishes a handover that an earlier process left: its record, or what follows its end.
    private func resume(_ view: StackView, _ lock: StackLock) async throws -> Receipt? {
        let current = try await view.handovers.current()
        let from = current.flatMap { view.release($0.from) }
        let to = current.flatMap { view.release($0.to) }
        let step = try await HandoverResumption.next(
            for: kind, current: current, from: from?.state, to: to?.state, now: cloud.dynamo.clock.now()
        ).expired(in: view.handovers)
        guard case .finish(let record) = step, let from, let to else {
            if step == .begin(liftingSeals: true) { try await view.ledger.liftEndedSeals(view.handovers) }
            return nil
        }
        sink(.note("going on with \(record.kind.rawValue) \(record.id), which is \(record.state.rawValue)"))
        let route = try await route(view.urgent, kind: record.kind, from: from, to: to)
        var inPause: HandoverRecheck?
        if record.kind == .cutover, record.state == .sealing {
            // What didn't match isn't kept: who let it pass did so in the process that has ended.
            let earlier = to.parity.map { ": \($0.verdict), \($0.documents) documents, at \($0.at)" } ?? ""
            let report =
                to.parity?.report
                ?? ParityReport(stack: stack, live: from.release, candidate: to.release, readModels: [], total: nil)
                .undecided("compared by an earlier process, and not matched\(earlier)")
            inPause = CutoverParity(verifier: Verifier(view: view, live: from, candidate: to, sink: sink), report: report)
                .inPause(recheck, isWaived: waived.contains("recheck"))
        }
        let receipt = try await telling(view, after: nil) {
            let (finished, timing) = try await refusing(inPause) { try await handover(view, route, lock, inPause).finish(record) }
            return try await settle(view, finished, timing, [], inPause?.result?.report, inPause?.result?.figures, lock)
        }
        // A rollback first finishes a cutover that was decided; then it begins itself.
        return record.kind == kind ? receipt : nil
    }

    private func route(_ view: StackView, kind: HandoverRecord.Kind, from: ReleaseRecord, to: ReleaseRecord) async throws -> HandoverRoute {
        switch kind {
        case .cutover: try await .cutover(view, from: from, to: to)
        case .rollback: try await .rollback(view, from: from, to: to)
        }
    }

    private func handover(_ view: StackView, _ route: HandoverRoute, _ lock: StackLock, _ recheck: HandoverRecheck?) -> HandoverRun {
        let view = view.urgent
        var compare: (@Sendable (Duration) async throws -> Void)?
        if let recheck { compare = { try await recheck.run(within: $0) } }
        return HandoverRun(
            ledger: view.ledger, handovers: view.handovers, route: route, fence: lock.fence,
            sweep: { [cloud] in
                try await Sweeper(cloud: cloud, function: route.replicator, patience: $1, fewestTogether: OutboxSweep.width).sweep($0)
            }, compare: compare,
            sink: sink)
    }

    /// What follows a completed handover: the flip, the states, the replicators, the receipt.
    private func settle(
        _ view: StackView, _ record: HandoverRecord, _ timing: HandoverRun.Timing, _ guardrails: [Guardrail], _ parity: ParityReport?,
        _ recheck: RecheckFigures?, _ lock: StackLock
    ) async throws -> Receipt {
        guard let from = view.release(record.from), let to = view.release(record.to) else {
            throw NothingToHandOver(stack: stack, problem: "the releases of \(record.id) are not on record")
        }
        sink(.step("flip", why: "the domain follows; requests that still reach \(from.release) are forwarded, none fails"))
        let receipt = Receipt(
            id: record.id, kind: record.kind.rawValue, stack: stack, from: record.from, to: record.to,
            at: Timestamp.format(cloud.dynamo.clock.now()),
            guardrails: guardrails, parity: parity?.verdict, documents: parity?.documents,
            coverage: parity?.coverage, unchecked: parity?.unchecked, recheck: recheck,
            quarantine: record.kind == .cutover ? to.replayed?.quarantine : nil,
            fromTotals: record.fromTotals.reduce(.zero, +), toTotals: record.toTotals.reduce(.zero, +),
            pauseMilliseconds: timing.seal > 0 ? timing.pause : 0,
            steps: [
                "seal": timing.seal, "drain": timing.drain, "compare": timing.compare, "decide": timing.decide, "promote": timing.promote,
            ])
        let cloud = cloud
        try await HandoverSettlement(
            ledger: view.ledger, releases: view.store, lock: lock, router: DomainRouter(cloud: cloud, stack: to.manifest)
        ) {
            switch record.kind {
            case .cutover:
                try await BusMapping.enable(false, to.names.function("replicator"), from.names.bus, in: cloud)
                try await TouchedJournal(dynamo: cloud.dynamo, names: view.names, release: to.release).clear()
            case .rollback: try await BusMapping.enable(false, from.names.function("return-replicator"), from.names.bus, in: cloud)
            }
        }.run(record, from: from, to: to, receipt: receipt)
        return receipt
    }
}

/// A handover that failed after it had stopped the writes.
public struct HandoverUnsettled: Error, Sendable, CustomStringConvertible {
    public var stack: String
    public var kind: HandoverRecord.Kind
    /// As it was found afterwards; `nil` where that couldn't be read.
    public var record: HandoverRecord?
    public var cause: any Error

    public var description: String {
        let what = cause is CancellationError ? "the command was interrupted" : "\(cause)"
        guard let record, record.state != .sealing else {
            return """
                how the \(kind.rawValue) of \(stack) ended is not known: \(what)
                Writes wait until its deadline at most, 10 s from its beginning; then the next request ends it, and nothing is lost.
                hint: `immutable status \(stack)`, then `immutable \(kind.rawValue) \(stack)`
                """
        }
        return """
            \(record.kind.rawValue) \(record.id) is decided: \(record.to) owns the writes of \(stack), or is getting them. Nothing is lost; requests \
            that reach \(record.from) are forwarded. What follows isn't done: \(what)
            hint: `immutable \(record.kind.rawValue) \(stack)` goes on here, as often as it takes
            """
    }
}

/// A handover that has no release to go to or from.
public struct NothingToHandOver: Error, Sendable, CustomStringConvertible {
    public var stack: String
    public var problem: String

    public var description: String {
        "nothing to hand over in stack '\(stack)': \(problem).\nhint: `immutable status \(stack)` shows its releases"
    }
}

/// A candidate whose deployment isn't finished.
public struct NotReady: Error, Sendable, CustomStringConvertible {
    public var release: String
    public var phase: DeploymentPhase

    public var description: String { "the deployment of \(release) is at '\(phase.rawValue)': run `immutable deploy` again to finish it" }
}

/// A candidate whose read models differ.
public struct ParityDiffers: Error, Sendable, CustomStringConvertible {
    public var report: ParityReport
    /// Streams of either release that are parked.
    public var parked: [Parking.Entry] = []

    public var description: String {
        var besides = ""
        if let first = parked.first {
            let example = "\(first.position) at \(first.consumer) of \(first.release): \(first.error)"
            besides =
                "\nBesides, \(parked.count) stream\(parked.count == 1 ? " is" : "s are") parked, e.g. \(example); see `immutable parked \(report.stack)`"
        }
        return
            "the read models of \(report.candidate) differ from those of \(report.live). Nothing was changed.\(besides)\nhint: mend the projection or the transform, `immutable abort \(report.stack)`, deploy again"
    }
}
