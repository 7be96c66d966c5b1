import EventSourcing
import StackDescription
import Testing

@testable import Orchestrator

@Suite struct DocumentDiffTests {
    private func paths(
        _ live: DocumentDiff.Fields?, _ candidate: DocumentDiff.Fields?, _ leniency: ParityExpectation.Leniency = .init()
    ) -> [String] {
        DocumentDiff(leniency).differences("d", live: live, candidate: candidate).map(\.field)
    }

    @Test func `each field that differs is named by its path`() {
        let live: DocumentDiff.Fields = ["a": 1, "b": ["c": "x", "d": true], "l": [["n": 1], ["n": 2]]]
        let candidate: DocumentDiff.Fields = ["a": 2, "b": ["c": "x"], "l": [["n": 1], ["n": 3]], "new": .null]
        #expect(paths(live, candidate) == ["a", "b.d", "l[1].n", "new"])
        #expect(paths(live, live) == [])
        #expect(paths(live, nil) == ["(document)"])
    }

    @Test func `what is ignored counts nowhere, and nothing else is let pass with it`() {
        let live: DocumentDiff.Fields = ["at": 1, "l": [["n": 1, "at": 1]], "x": ["at": 1]]
        let candidate: DocumentDiff.Fields = ["at": 2, "l": [["n": 1, "at": 2]], "x": ["at": 2]]
        #expect(paths(live, candidate, .init(ignoring: ["at", "l[].at"])) == ["x.at"])
    }

    @Test func `numbers may differ by the tolerance, and not by more`() {
        let leniency = ParityExpectation.Leniency(within: ["t": 0.01, "l[].p": 1])
        #expect(paths(["t": "9.50"], ["t": "9.51"], leniency) == [])
        #expect(paths(["t": "9.50"], ["t": "9.511"], leniency) == ["t"])
        #expect(paths(["t": "9.50"], ["t": "9.5O"], leniency) == ["t"])
        #expect(paths(["t": "9.50"], ["t": ""], leniency) == ["t"])
        #expect(paths(["l": [["p": 1]]], ["l": [["p": 2]]], leniency) == [])
        #expect(paths(["other": 1], ["other": 2], leniency) == ["other"])
    }

    @Test func `a list in any order matches as a bag`() {
        let leniency = ParityExpectation.Leniency(ignoring: ["l[].at"], unordered: ["l"])
        #expect(paths(["l": [1, 2, 2]], ["l": [2, 1, 2]], leniency) == [])
        #expect(paths(["l": [1, 2, 2]], ["l": [2, 1, 1]], leniency) == ["l[2]", "l[2]"])
        #expect(paths(["l": [["n": 1, "at": 1], ["n": 2]]], ["l": [["n": 2], ["n": 1, "at": 9]]], leniency) == [])
        #expect(paths(["m": [1, 2]], ["m": [2, 1]], leniency) == ["m[0]", "m[1]"])
    }

    @Test func `elements of a list in any order are paired so that as many as can find one within the tolerance`() {
        let leniency = ParityExpectation.Leniency(within: ["l[]": 1], unordered: ["l"])
        #expect(paths(["l": [2, 1]], ["l": [1, 3]], leniency) == [])
        #expect(paths(["l": [3, 2, 1]], ["l": [2, 3, 4]], leniency) == [])
        #expect(paths(["l": [3, 2, 1]], ["l": [3, 4, 5]], leniency) == ["l[2]", "l[2]"])
    }

    @Test func `texts that look the same and differ in bytes differ, and show it`() {
        let difference = DocumentDiff().differences("d", live: ["t": "caf\u{E9}"], candidate: ["t": "cafe\u{301}"])
        #expect(difference == [.init(document: "d", field: "t", live: #""caf\u{00E9}""#, candidate: #""cafe\u{0301}""#)])
    }

    @Test func `a long value is cut, tells its size, and is shown from where the sides part`() {
        let long = String(repeating: "x", count: 300_000)
        func shown(_ live: Value, _ candidate: Value?) -> ParityReport.Difference? {
            let theirs: DocumentDiff.Fields = candidate.map { ["t": $0] } ?? [:]
            return DocumentDiff().differences("d", live: ["t": live], candidate: theirs).first
        }
        let whole = String(repeating: "x", count: 1_500) + "… (300000 bytes)"
        #expect(shown(.string(long), nil) == .init(document: "d", field: "t", live: whole, candidate: nil))
        #expect(shown(.string(long), "y") == .init(document: "d", field: "t", live: whole, candidate: "y"))
        let late = shown(.string(long + "ab"), .string(long + "c"))
        #expect(late?.live == "…ab (300002 bytes, from byte 300000)" && late?.candidate == "…c (300001 bytes, from byte 300000)")
        let list = shown(.list(Array(repeating: 1, count: 2_000)), .list(Array(repeating: 1, count: 2_001)))
        #expect(list?.live == "…] (4001 bytes, from byte 4000)" && list?.candidate == "…,1] (4003 bytes, from byte 4000)")
        #expect(shown(.string(String(repeating: "x", count: 2_000)), "y")?.live?.utf8.count == 2_000)
    }

    @Test func `a text and a number that read the same are told apart`() {
        let difference = DocumentDiff().differences("d", live: ["t": "40"], candidate: ["t": 40])
        #expect(difference == [.init(document: "d", field: "t", live: "\"40\"", candidate: "40")])
    }
}
