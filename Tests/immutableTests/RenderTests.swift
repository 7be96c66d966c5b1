import EventSourcing
import EventStore
import Foundation
import Testing

@testable import Orchestrator
@testable import immutable

@Suite struct RenderTests {
    @Test func `a plan reads like Terraform's`() {
        let report = PlanReport(
            stack: "orders", region: "us-east-1", account: "000000000000", release: "r2", live: "r1",
            changes: ["+ query GET /revenue/{day}", "- reactor Mailer"], resources: ["api": 1, "function": 13, "log group": 13],
            events: 180,
            transform: "SplitCustomerName (reversible)", problems: [], warnings: ["SES may not send yet"])
        #expect(
            PlanAnswer(report: report, candidate: .none, artifact: Sample.artifact, directory: "stacks/orders-v2").text(.plain) == """
                orders r2: beside the live r1, which goes on unchanged
                account 000000000000, region us-east-1

                changes from r1
                  + query GET /revenue/{day}
                  - reactor Mailer

                resources to create
                  +  1 API
                  + 13 functions
                  + 13 log groups

                events
                  180 events of r1 to replay, transform: SplitCustomerName (reversible)

                functions
                  OrdersFunctions, debug build, for the local cloud only, 13.9 MB zipped

                warnings
                  ! SES may not send yet

                Nothing was changed. `immutable deploy stacks/orders-v2` does this; it can be run again, and given up with `immutable abort orders`.
                """)
    }

    @Test func `a plan says what becomes of each event type`() {
        var report = PlanReport(
            stack: "orders", region: "us-east-1", account: "1", release: "r2", live: "r1", changes: [], resources: [:], events: 1,
            transform: "identity", problems: [], warnings: [])
        report.eventTypes = [
            EventTypeChange(type: "OrderPaid", live: 1, next: 1, verdict: .identical, reason: "the same schema version and fields"),
            EventTypeChange(type: "OrderPlaced", live: 1, next: nil, verdict: .transform, reason: "the transform 'T' names it"),
        ]
        let text = PlanAnswer(report: report, candidate: .none, artifact: Sample.artifact, directory: "x").text(.plain)
        #expect(
            text.contains(
                """
                event types
                  OrderPaid    identical  the same schema version and fields
                  OrderPlaced  transform  the transform 'T' names it

                """))
    }

    @Test func `a plan tells what was proven of a ready candidate's way back, and what breaks it`() {
        func plan(_ way: WayBack, _ candidate: CandidateState = .ready) -> String {
            var report = PlanReport(
                stack: "orders", region: "us-east-1", account: "1", release: "r2", live: "r1", changes: [], resources: [:], events: 180,
                transform: "identity", problems: [], warnings: [])
            report.wayBack = way
            return PlanAnswer(report: report, candidate: candidate, artifact: Sample.artifact, directory: "x").text(.plain)
        }
        #expect(
            plan(Sample.wayBack).contains(
                """
                events
                  180 events of r1 to replay, transform: identity
                  rollback: lossless (1,204 of 1,204 proven)

                """))
        var way = Sample.wayBack
        way.unproven = ["OrderPlaced": 40, "OrderPaid": 2]
        #expect(plan(way).contains("\n  rollback: would change OrderPaid ×2, OrderPlaced ×40\n"))
        // Another candidate's proof says nothing of these sources.
        #expect(!plan(way, .other).contains("rollback: "))
        way.unreadable = [.init(type: "OrderNoted", schema: 1, reason: "r1 has no such event type")]
        #expect(
            plan(way).contains(
                "\n  rollback: would break, r1 can't read OrderNoted; would change OrderPaid ×2, OrderPlaced ×40\n"))
        #expect(plan(way).contains("\n  ! a rollback would break on 'OrderNoted' schema 1: r1 has no such event type\n"))
        #expect(!plan(way, .live).contains("a rollback would break"))
        way.unreadable = nil
        way.unproven = [:]
        #expect(
            plan(way).contains(
                "lossless (1,204 of 1,204 proven); whether the live release reads what the next one writes isn't on record\n"))
        way.isReversible = false
        #expect(plan(way).contains("\n  rollback: none, the transform has no way back\n"))
    }

    @Test func `a plan tells what the replay would take, and what that rests on`() throws {
        let json = """
            {"options":[{"way":"direct","seconds":151440,"dollars":1002.4,"workers":4},
            {"way":"step-functions","seconds":39000,"dollars":1007.6,"workers":40},{"way":"export-import","dollars":0.004,"workers":0}],
            "bytes":600000000000,"isMeasured":true,"streams":100000000,"region":"us-east-1","date":"2026-11-27"}
            """
        var estimate = try JSONDecoder().decode(ReplayEstimate.self, from: Data(json.utf8))
        #expect(
            estimate.lines == [
                "direct          42 h 4 min   $1,002   4 workers; the command stays",
                "step-functions  10 h 50 min  $1,008   40 workers; goes on without the command",
                "export-import   ?            < $0.01  through S3: no engine of this version, and AWS tells no duration",
                "on-demand list prices of us-east-1, 2026-11-27; 600 GB in 100,000,000 streams; rates of workers are assumed",
            ])
        estimate.isMeasured = false
        #expect(estimate.lines.last?.contains("100,000,000 streams (assumed)") == true)
        #expect([1, 60, 61, 3_599, 3 * 86_400].map(ReplayEstimate.duration) == ["< 1 min", "1 min", "2 min", "1 h 0 min", "3 days 0 h"])
        #expect([108_000, 999_000_000, 1_200_000_000].map(ReplayEstimate.size) == ["108 kB", "999 MB", "1.2 GB"])
    }

    @Test func `a plan with problems says that it can't be deployed`() {
        let report = PlanReport(
            stack: "orders", region: "us-east-1", account: "1", release: "r2", live: "r1", changes: [], resources: [:], events: 1,
            transform: "identity", problems: ["r0 must be retired first"], warnings: [])
        let text = PlanAnswer(report: report, candidate: .none, artifact: Sample.artifact, directory: "x").text(.plain)
        #expect(
            text.hasSuffix("problems\n  ✗ r0 must be retired first\n\nNothing was changed, and this can't be deployed: see the problems."))
    }

    @Test func `a plan knows the candidate that there is`() {
        func closing(_ candidate: CandidateState) -> String? {
            let report = PlanReport(
                stack: "orders", region: "us-east-1", account: "1", release: "r2", live: "r1", changes: [], resources: [:], events: 1,
                transform: "identity", problems: [], warnings: [])
            let text = PlanAnswer(report: report, candidate: candidate, artifact: Sample.artifact, directory: "x").text(.plain)
            return text.split(separator: "\n").last.map(String.init)
        }
        #expect(
            closing(.ready)
                == "Nothing was changed, and nothing would be: r2 has these sources and is ready. Next: immutable cutover orders")
        #expect(closing(.live) == "Nothing was changed, and nothing needs to be: r1 is live with these sources.")
        #expect(closing(.unfinished) == "Nothing was changed. `immutable deploy x` goes on with r2, which has these sources.")
        #expect(closing(.other) == "Nothing was changed, and this can't be deployed: see the problems.")
    }

    @Test func `a digest is compared in Lambda's base64`() {
        #expect(CandidateState.base64("00ff10") == "AP8Q")
        #expect(CandidateState.base64("0g") == nil)
        #expect(CandidateState.base64("abc") == nil)
    }

    @Test func `a deployment that is proven says what is next`() {
        let outcome = DeployCommand.Outcome(
            record: Sample.record(live: "r1", replayed: Sample.proof), parity: Sample.parity(.matched), imported: nil)
        #expect(
            DeployAnswer(outcome, artifact: Sample.artifact).text(.plain) == """
                orders r2 is ready to be cut over to; r1 is live, and was only read
                  replayed   1,204 events in 3.1 s, proven on 64 of 64 shards
                  way back   lossless: 1,204 of 1,204 events proven
                  functions  OrdersFunctions, debug build, for the local cloud only, 13.9 MB zipped

                parity of orders: r2 (candidate) against r1 (live)
                  ✓  order-summary   300 documents, all equal
                  ·  revenue-by-day  not compared: new in r2
                matched; 300 documents compared, coverage 100 %

                next: immutable cutover orders
                """)
    }

    @Test func `lines that an import refused are told by number`() {
        var imported = HistoryImport.Result()
        imported.events = 8_577
        imported.streams = 1_434
        imported.seconds = 4.02
        imported.backwards = 3
        imported.refusedLines = 22
        imported.refused = (1...22).map { HistoryImport.Refusal(line: $0, reason: "no type") }
        let outcome = DeployCommand.Outcome(record: Sample.record(live: nil, replayed: nil), parity: nil, imported: imported)
        let lines = DeployAnswer(outcome, artifact: Sample.artifact).text(.plain).split(separator: "\n").map(String.init)
        #expect(lines[0] == "orders r1 is live at api.orders.example")
        #expect(lines[1] == "  imported   8,577 events of 1,434 streams in 4.0 s; the time of 3 runs backwards (kept in file order)")
        #expect(lines[3] == "! 22 lines of the history file were refused:")
        #expect(lines[4] == "  line 1: no type")
        #expect(lines.last == "  … and 2 more; --format json lists the first 1,000")
    }

    @Test func `differences are shown field by field`() {
        #expect(
            Sample.parity(.mismatched).text(.plain) == """
                parity of orders: r2 (candidate) against r1 (live)
                  ✗  order-summary   300 documents, 1 differs
                      o-17  total: 40 (live), 41 (candidate)
                  ·  revenue-by-day  not compared: new in r2
                mismatched: the read models differ; 300 documents compared, coverage 100 %
                """)
    }

    @Test func `what can't be told is not called a difference`() {
        let text = Sample.parity(.inconclusive).text(.plain)
        #expect(text.contains("  ?  order-summary   298 documents, inconclusive: 2 documents kept changing\n"))
        #expect(text.hasSuffix("inconclusive: it can't be told whether they are equal; 298 documents compared, coverage 99 %"))
    }

    @Test func `a receipt ends with the way back`() {
        #expect(
            Sample.receipt.text(.plain) == """
                cutover done: r2 owns the writes of orders, r1 no longer does
                  from → to   r1 → r2
                  totals      1,204 events of r1, 1,204 events of r2, proven on every shard
                  pause       212 ms (seal 20 ms, drain 120 ms, decide 7.2 ms, promote 65 ms)
                  parity      matched, 300 documents
                  guardrails  1 of 2 held; waived: parked
                  receipt     01M85JR24D53NK8AC6D3P2BKS7

                way back: immutable rollback orders
                when sure: immutable retire orders  (removes r1, and with it the way back)
                """)
    }

    @Test func `a question shows every guardrail, what is safe and how to undo it`() {
        let intent = HandoverCommand.Intent(
            kind: .cutover, stack: "orders", from: "r1", to: "r2", guardrails: Sample.receipt.guardrails, parity: nil)
        #expect(intent.question == "Cut over orders from r1 to r2?")
        #expect(
            intent.text(.plain) == """
                cutover of orders: the writes go from r1 to r2

                what happens
                  1. writes pause on every shard; requests wait, none fails
                  2. the last commits are copied and counted on both sides, and what they touch is compared
                  3. equal on every shard: r2 owns the writes. Not equal within 10 s: all stays with r1
                  4. the domain follows; what still reaches r1 is forwarded

                guardrails
                  ✓  healthy  13 functions of r2 answer
                  !  parked   1 parked streams  (waived)

                safe:  until step 3 nothing has moved; killed at any moment, the same command goes on, or begins anew after 10 s
                undo:  immutable rollback orders
                """)
    }

    @Test func `status tells the state and the next steps`() {
        #expect(
            Sample.status.text(.plain) == """
                orders  us-east-1
                  api.orders.example leads to r1

                  r1  live                                                   debug build  deployed 2026-03-02 12:00:07
                  r2  candidate  at 'ready'  1,204 replayed  parity matched  debug build  deployed 2026-03-02 12:05:00

                  writes  r1 owns 1,204 events on 64 shards
                  outbox  0 commits waiting to be replicated
                  lock    free

                next: `immutable cutover orders` hands the writes to r2
                      `immutable abort orders` gives r2 up
                """)
    }

    @Test func `colours change nothing but the colours`() {
        let coloured = Sample.status.text(Style(isColoured: true))
        #expect(coloured.contains("\u{1B}["))
        #expect(coloured.replacing(/\u{1B}\[[0-9]+m/, with: "") == Sample.status.text(.plain))
    }

    @Test func `effects in doubt come with the two answers`() {
        #expect(
            EffectsAnswer(stack: "orders", inDoubt: [Sample.doubt]).text(.plain) == """
                1 effect of orders in doubt: begun, and nobody knows whether done
                  ConfirmationMailer/e-1  OrderPlaced  at o-17@1  since 2026-03-02 12:00:07

                it was done:     immutable effects orders --done ConfirmationMailer/e-1
                it was not done: immutable effects orders --retry ConfirmationMailer/e-1
                """)
        #expect(EffectsAnswer(stack: "orders", inDoubt: []).text(.plain) == "no effect of orders is in doubt")
    }

    @Test func `an audit tells per consumer what was behind and what stays so`() {
        let late = (1...12).map { AuditReport.Stream(aggregateId: "o-\($0)", cursor: 1, version: 3, reason: $0 == 1 ? "poison" : nil) }
        let report = AuditReport(
            stack: "orders", hinted: true,
            consumers: [
                .init(release: "r1", consumer: "projector/order-summary", streams: 1_204, behind: 15, repaired: 3, stillBehind: late),
                .init(release: "r1", consumer: "reactor/ConfirmationMailer", streams: 7, behind: 0, repaired: 0, stillBehind: []),
            ])
        let lines = report.text(.plain).split(separator: "\n").map(String.init)
        #expect(lines[1] == "  ✗  r1  projector/order-summary     1,204 streams  15 behind, 3 repaired, 12 still behind")
        #expect(lines[2] == "      o-1  at version 1 of 3: poison")
        #expect(lines[12] == "      … 2 more; immutable audit orders --format json lists them all")
        #expect(lines[13] == "  ✓  r1  reactor/ConfirmationMailer  7 streams      none behind")
        #expect(lines[14] == "not settled: see `immutable parked orders`")
    }

    @Test func `a parked stream is told with its event, and what can be done`() {
        let entry = Parking.Entry(
            release: "r1", consumer: "projector/order-summary", aggregateId: "o-17",
            event: EventReference(aggregateId: "o-17", version: 3, eventId: "e-3", type: "OrderPaid"), error: "no order", attempts: 2,
            since: "2026-03-02T12:00:07.000000Z", at: "2026-03-02T12:00:09.000000Z")
        #expect(
            ParkedAnswer(stack: "orders", parked: [entry]).text(.plain) == """
                1 stream of orders parked: a consumer stops there, all else goes on
                  r1 projector/order-summary at o-17@3 (OrderPaid), 2 tries since 2026-03-02 12:00:07: no order

                try again:         immutable parked orders retry --consumer projector/order-summary --stream o-17
                pass the event by: immutable parked orders skip --consumer projector/order-summary --stream o-17 --reason <text>
                """)
        #expect(ParkedAnswer(stack: "orders", parked: []).text(.plain) == "no stream of orders is parked")
    }

    @Test func `a receipt says what was not compared, and why`() {
        var receipt = Sample.receipt
        receipt.coverage = 1
        receipt.unchecked = ["revenue-by-day": "new in r2"]
        let text = receipt.text(.plain)
        #expect(text.contains("parity      matched, 300 documents, coverage 100 %\n"))
        #expect(text.contains("revenue-by-day not compared: new in r2\n"))
        #expect(AlreadyDone(receipt: receipt).text(.plain).hasPrefix("already done: cutover 01M85JR24D53NK8AC6D3P2BKS7 from r1 to r2"))
    }
}
