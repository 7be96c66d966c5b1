import Orchestrator
import Testing

@testable import immutable

@Suite struct ProgressLinesTests {
    @Test func `a log tells counts every two seconds at most`() {
        var lines = ProgressLines(mode: .plain)
        var text = lines.show(.step("replay", why: "the live release is only read"), at: 10)
        text += lines.show(.count("events", done: 1_000, total: 12_000), at: 11)
        text += lines.show(.count("events", done: 8_000, total: 12_000), at: 12.4)
        text += lines.show(.count("events", done: 9_000, total: 12_000), at: 13)
        text += lines.show(.note("2 shards differ from the cut; reading them again"), at: 13.1)
        text += lines.show(.done("12,000 events in 3.4 s"), at: 13.4)
        text += lines.end()
        #expect(
            text == """
                replay: the live release is only read
                  events 8,000 of 12,000 (66 %), 2.4 s
                  2 shards differ from the cut; reading them again
                  12,000 events in 3.4 s

                """)
    }

    @Test func `a log without a total tells what is done`() {
        var lines = ProgressLines(mode: .plain)
        _ = lines.show(.step("import", why: ""), at: 0)
        let text = lines.show(.count("events imported", done: 500, total: 0), at: 2)
        #expect(text == "  events imported 500, 2.0 s\n")
    }

    @Test func `a terminal's live line is rewritten in place and leaves nothing behind`() {
        var lines = ProgressLines(mode: .live(style: .plain))
        let erase = "\r\u{1B}[K"
        let told = [
            lines.show(.step("replay", why: "safe"), at: 0),
            lines.show(.count("events", done: 5, total: 10), at: 1),
            lines.show(.count("events", done: 6, total: 10), at: 1.05),
            lines.tick(at: 2, width: 80),
            lines.show(.done("10 events"), at: 3),
            lines.tick(at: 4, width: 80),
            lines.end(),
        ]
        #expect(
            told == [
                "replay  safe\n\(erase)  ⠋ 0.0 s",
                "\(erase)  ⠋ events 5 of 10 (50 %), 1.0 s",
                "",
                "\(erase)  ⠙ events 6 of 10 (60 %), 2.0 s",
                "\(erase)  ✓ 10 events\n",
                "",
                "",
            ])
    }

    @Test func `a live line never wraps`() {
        var lines = ProgressLines(mode: .live(style: .plain))
        _ = lines.show(.step("replay", why: ""), at: 0)
        _ = lines.show(.count("events of a very long name", done: 5, total: 10), at: 1)
        let line = lines.tick(at: 2, width: 20)
        #expect(line == "\r\u{1B}[K  ⠙ events of a ver")
    }

    @Test func `other output finds an empty line`() {
        var lines = ProgressLines(mode: .live(style: .plain))
        _ = lines.show(.step("verify", why: ""), at: 0)
        let ends = [lines.end(), lines.end()]
        #expect(ends == ["\r\u{1B}[K", ""])
    }
}

extension ProgressLinesTests {
    private static let figures = ReplayFigures(
        eventsPerSecond: 3_480.4, limitedBy: .writing, secondsLeft: 12, backlog: 231, writers: nil, mostWriters: nil)

    private func told(_ figures: ReplayFigures) -> String {
        var lines = ProgressLines(mode: .plain)
        _ = lines.show(.step("replay", why: ""), at: 0)
        return lines.show(.count("events", done: 8_000, total: 12_000, figures), at: 2.4)
    }

    @Test func `a replay tells its rate, what limits it and what is left`() {
        #expect(
            told(Self.figures) == "  events 8,000 of 12,000 (66 %), 2.4 s; 3,480/s, limited by writing; 12.0 s left with the tail's 231\n")
        #expect(told(ReplayFigures()) == "  events 8,000 of 12,000 (66 %), 2.4 s\n")
    }

    @Test func `a replay that is throttled tells its writers`() {
        var figures = Self.figures
        (figures.limitedBy, figures.writers, figures.mostWriters, figures.backlog) = (.throttling, 3, 8, 0)
        #expect(told(figures) == "  events 8,000 of 12,000 (66 %), 2.4 s; 3,480/s, throttled: 3 of 8 writers; 12.0 s left\n")
    }

    @Test func `a replay that never catches up says so`() {
        var figures = Self.figures
        figures.secondsLeft = nil
        #expect(told(figures).hasSuffix("; 3,480/s, limited by writing; more is committed than copied\n"))
    }

    @Test func `machines get an object a line, at most one count a second and the last one`() {
        var lines = ProgressLines(mode: .json)
        let text = [
            lines.show(.step("replay r2", why: "safe \"as\" it is"), at: 1),
            lines.show(.count("events", done: 1, total: 12_000), at: 1.5),
            lines.show(.count("events", done: 8_000, total: 12_000, Self.figures), at: 2.4),
            lines.show(.count("events", done: 12_000, total: 12_000), at: 2.5),
            lines.show(.note("two\nlines"), at: 3),
            lines.tick(at: 3, width: 80),
            lines.show(.done("12,000 events"), at: 4),
            lines.end(),
        ]
        #expect(
            text == [
                #"{"kind":"step","seconds":1,"step":"replay r2","text":"safe \"as\" it is"}"# + "\n",
                "",
                #"{"done":8000,"kind":"count","replay":{"backlog":231,"eventsPerSecond":3480.4,"limitedBy":"writing","secondsLeft":12},"seconds":2.4,"step":"replay r2","total":12000,"what":"events"}"#
                    + "\n",
                #"{"done":12000,"kind":"count","seconds":2.5,"step":"replay r2","total":12000,"what":"events"}"# + "\n",
                #"{"kind":"note","seconds":3,"step":"replay r2","text":"two\nlines"}"# + "\n",
                "",
                #"{"kind":"done","seconds":4,"step":"replay r2","text":"12,000 events"}"# + "\n",
                "",
            ])
    }
}
