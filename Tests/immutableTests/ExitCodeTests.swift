import ArgumentParser
import EventSourcing
import EventStore
import Foundation
import ManifestLoading
import Testing

@testable import Orchestrator
@testable import immutable

@Suite struct ExitCodeTests {
    private static let record = HandoverRecord(
        id: "01H", kind: .cutover, from: "r1", to: "r2", state: .aborted, deadline: Date(timeIntervalSince1970: 0), epochs: [1],
        startedAt: Date(timeIntervalSince1970: 0), reason: "its deadline passed")

    @Test func `each error has the documented code`() {
        let rail = Guardrail("outbox", false, "3,000 commits waiting")
        let cases: [(any Error, Int32)] = [
            (ParityDiffers(report: Sample.parity(.mismatched)), 3),
            (StackLocked(stack: "orders", holder: nil), 5),
            (LockLost(), 5),
            (GuardrailsRefuse(guardrails: [rail]), 6),
            (StillOwner(release: "r1", shard: 3), 6),
            (HandoverAborted(record: Self.record), 7),
            (NothingToHandOver(stack: "orders", problem: "there is no candidate"), 1),
            (NoSuchStack(stack: "orders", region: "eu-west-1", account: "1"), 1),
            (ManifestError.noManifest(directory: "x"), 1),
            (Declined(), 1),
            (QuestionWithoutTerminal(), 64),
            (NotWaivable(name: "x", known: "parity"), 64),
            (CancellationError(), 130),
            (HandoverUnsettled(stack: "orders", kind: .cutover, record: nil, cause: LockLost()), 5),
            (HandoverUnsettled(stack: "orders", kind: .cutover, record: nil, cause: CancellationError()), 130),
        ]
        for (error, code) in cases { #expect(ExitReason(error).rawValue == code, "\(error)") }
    }

    @Test func `a verdict is an exit code`() {
        #expect(ExitReason(.matched) == .done)
        #expect(ExitReason(.mismatched).rawValue == 3)
        #expect(ExitReason(.inconclusive).rawValue == 4)
    }

    @Test func `what fails after the decision says where the writes are, and what goes on`() {
        var record = Self.record
        record.state = .completed
        let decided = HandoverUnsettled(stack: "orders", kind: .cutover, record: record, cause: CancellationError())
        #expect("\(decided)".contains("r2 owns the writes of orders") && "\(decided)".hasSuffix("as often as it takes"))
        record.state = .sealing
        let open = HandoverUnsettled(stack: "orders", kind: .cutover, record: record, cause: CancellationError())
        #expect("\(open)".contains("not known") && "\(open)".contains("`immutable status orders`"))
    }

    @Test func `an error is one message with its hint`() {
        let text = ErrorText.of(NoSuchStack(stack: "ordrs", region: "eu-west-1", account: "123"), style: .plain)
        #expect(text.hasPrefix("error: there is no stack 'ordrs' in account 123, region eu-west-1.\nhint: "))
    }

    @Test func `a manifest's diagnostics begin with file and line`() {
        let error = ManifestError.doesNotCompile(diagnostics: "Stack.swift:10:17: error: cannot find 'oops' in scope")
        #expect(ErrorText.of(error, style: .plain) == "Stack.swift:10:17: error: cannot find 'oops' in scope")
    }

    @Test func `differences are shown with the refusal`() {
        let text = ErrorText.of(ParityDiffers(report: Sample.parity(.mismatched)), style: .plain)
        #expect(text.contains("\n      o-17  total: 40 (live), 41 (candidate)\n"))
    }

    @Test func `no is no error`() {
        #expect(ErrorText.of(Declined(), style: .plain) == "nothing was changed")
    }

    @Test func `how an interrupted handover ended is told`() {
        #expect(ErrorText.afterInterruption(CancellationError()) == ErrorText.interrupted)
        #expect(ErrorText.afterInterruption(HandoverAborted(record: Self.record))?.hasPrefix("cutover 01H was aborted") == true)
    }
}
