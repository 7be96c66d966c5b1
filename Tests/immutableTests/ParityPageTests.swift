import Foundation
import Testing

@testable import Orchestrator
@testable import immutable

@Suite struct ParityPageTests {
    private static func page(_ texts: [String]) -> String {
        var model = Sample.parity(.mismatched).readModels[0]
        model.differences = texts.map { .init(document: $0, field: $0, live: $0, candidate: $0) }
        model.differing = texts.count
        model.evidence = texts.map { .init(document: $0, live: .init(revision: 1, event: $0), candidate: nil, events: [$0]) }
        model.undecided = texts
        model.name = texts[0]
        model.reason = texts[0]
        let events = EventParity(
            streams: 1, events: 1, verdict: .mismatched, shards: [.init(shard: 1, expected: 2, candidate: 1)], shardCount: 64,
            differing: texts.map { .init(aggregateId: $0, version: 1, field: $0, expected: $0, candidate: nil) }, undecided: texts)
        let report = ParityReport(
            stack: texts[0], live: texts[0], candidate: texts[0], readModels: [model], total: 1, events: events, at: texts[0])
        return ParityPage(report: report).html
    }

    @Test(arguments: [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        (#""><img src=x onerror=alert(1)>"#, "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"),
        ("' onmouseover='alert(1)", "&#39; onmouseover=&#39;alert(1)"),
        ("</style><style>*{}", "&lt;/style&gt;&lt;style&gt;*{}"),
        ("<!--", "&lt;!--"), ("&lt;b&gt;", "&amp;lt;b&amp;gt;"), ("`${x}`", "&#96;${x}&#96;"),
        ("a\u{202E}txt.exe", #"a\u{202E}txt.exe"#), ("nul\u{0}", #"nul\u{0}"#), ("שלום", "שלום"), ("🛒👩‍👩‍👧", "🛒👩‍👩‍👧"),
    ])
    func `whatever documents hold is text on the page and nothing else`(hostile: String, shown: String) throws {
        let plain = Self.page(["x"])
        let page = Self.page([hostile])
        // In content it is isolated, whatever its direction.
        #expect(page.contains("<bdi>\(shown)</bdi>"))
        // Elements and attributes are the same, whatever the documents hold.
        func structure(_ page: String) -> [Substring] { page.matches(of: /<[a-z\/!][^>]*>/).map { $0.output.prefix { $0 != " " } } }
        #expect(structure(page) == structure(plain))
        #expect(page.components(separatedBy: "<script>").count == 2)
    }

    @Test func `the page has every difference and needs nothing else`() {
        let page = Self.page((0..<250).map { "o-\($0)" })
        for index in 0..<250 { #expect(page.contains("<bdi>o-\(index)</bdi>")) }
        #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("src=") && !page.contains("@import"))
        #expect(page.contains("default-src 'none'") && page.contains("<html lang=\"en\">") && page.contains("aria-live=\"polite\""))
    }

    @Test func `a report without differences says so, and has no search`() {
        let page = ParityPage(report: Sample.parity(.matched)).html
        #expect(page.contains("✓ matched") && !page.contains("id=\"q\"") && page.contains("not compared"))
        #expect(page.contains("300 documents compared, coverage 100 %"))
    }

    @Test func `text shows the first documents and says where all are`() {
        var report = Sample.parity(.mismatched)
        report.readModels[0].differences = (0..<12).map { .init(document: "o-\($0)", field: "total", live: "40", candidate: nil) }
        report.readModels[0].differing = 12
        report.readModels[0].evidence = [
            .init(
                document: "o-0", live: .init(revision: 2, event: "o-0@2"), candidate: .init(revision: 1, event: nil),
                events: ["o-0@1 OrderPlaced", "o-0@2 OrderPaid"])
        ]
        let text = report.text(.plain)
        #expect(
            text.contains(
                "      o-0  total: 40 (live), nothing (candidate)\n        live revision 2 by o-0@2, candidate revision 1; made by o-0@1 OrderPlaced, o-0@2 OrderPaid\n"
            ))
        #expect(
            text.contains(
                "      … 2 more documents; immutable verify orders --format html --output parity.html, or --format json, lists them"))
        #expect(!text.contains("o-10"))
    }

    @Test func `evidence says which streams told of it, and what couldn't be asked for`() {
        var report = Sample.parity(.mismatched)
        var evidence = ParityReport.Evidence(document: "o-17", live: nil, candidate: nil, events: ["o-17@1 OrderPlaced"])
        evidence.streams = ["o-17"]
        report.readModels[0].evidence = [evidence]
        #expect(report.text(.plain).contains("; made by o-17@1 OrderPlaced (of 'o-17'; others may touch it, too)\n"))
        #expect(ParityPage(report: report).html.contains("(of <bdi>o-17</bdi>; others may touch it, too)</li>"))
        evidence = ParityReport.Evidence(document: "o-17", live: nil, candidate: nil, events: [])
        evidence.note = "Broken: no such document"
        report.readModels[0].evidence = [evidence]
        #expect(report.text(.plain).contains("; what made it couldn't be asked for: Broken: no such document\n"))
        #expect(ParityPage(report: report).html.contains("<bdi>Broken: no such document</bdi></li>"))
    }

    @Test func `what stopped streams hold back is told with its count, and a coverage that isn't known is called so`() {
        var model = Sample.parity(.matched).readModels[0]
        model.verdict = .inconclusive
        model.stopped = .init(
            documents: ["o-1", "o-2"], counts: ["projector/order-summary of r2": 1_200],
            streams: [.init(aggregateId: "o-1", place: "projector/order-summary of r2", reason: "<poison>")])
        let report = ParityReport(stack: "orders", live: "r1", candidate: "r2", readModels: [model], total: nil)
        #expect(report.text(.plain).hasSuffix("300 documents compared, coverage unknown"))
        let page = ParityPage(report: report).html
        #expect(page.contains("2 documents that stopped streams hold back"))
        #expect(page.contains("1,200 stopped streams, the first 1</summary>"))
        #expect(page.contains("<bdi>&lt;poison&gt;</bdi>") && page.contains("coverage unknown"))
    }

    private static func events(_ verdict: ParityReport.Verdict, _ reason: String? = nil) -> EventParity {
        EventParity(
            streams: 0, events: 0, verdict: verdict, shards: [], shardCount: 64, differing: [], undecided: [], reason: reason)
    }

    @Test func `events that can't be compared are inconclusive for a reason`() {
        var report = Sample.parity(.matched)
        report.events = Self.events(.inconclusive, "the transform isn't the one of the replay")
        #expect(
            report.text(.plain).contains("  ?  events  0 events of 0 streams, inconclusive: the transform isn't the one of the replay\n"))
        #expect(ParityPage(report: report).html.contains(": <bdi>the transform isn&#39;t the one of the replay</bdi></p>"))
    }

    @Test func `events that differ are told with what they are made of, and what wasn't looked into is counted`() {
        var report = Sample.parity(.mismatched)
        var events = Self.events(.mismatched)
        events.differing = [
            .init(aggregateId: "a", version: 0, source: "a/1@3", field: "(event)", expected: "Paid (id 1)", candidate: nil),
            .init(aggregateId: "b", version: 2, source: "b@2", field: "data", expected: "{}", candidate: "[]"),
        ]
        events.waiting = ["OrderPlaced": 3]
        events.notLookedInto = .init(slices: 7, events: 1_400)
        report.events = events
        let text = report.text(.plain)
        #expect(text.contains("      a (of a/1@3)  (event): Paid (id 1) (expected), nothing (candidate)\n"))
        #expect(text.contains("      b@2  data: {} (expected), [] (candidate)\n"))
        #expect(text.contains("      of 3 'OrderPlaced' the candidate has nothing: they wait for the event that they become one with\n"))
        #expect(text.contains("      7 more parts of the candidate, with 1,400 events, differed at the first look"))
        let html = ParityPage(report: report).html
        #expect(html.contains("<bdi>a (of a/1@3)</bdi>") && html.contains("7 more parts"))
    }
}
