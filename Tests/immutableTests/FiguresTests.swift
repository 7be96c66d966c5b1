import Testing

@testable import immutable

@Suite struct FiguresTests {
    @Test(arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (8_577, "8,577"), (1_234_567, "1,234,567"), (-1_000, "-1,000")])
    func `thousands are grouped in every locale`(number: Int, text: String) {
        #expect(Figures.count(number) == text)
    }

    @Test func `a minute and more is told in minutes and seconds`() {
        #expect(Figures.seconds(0.44) == "0.4 s")
        #expect(Figures.seconds(59.94) == "59.9 s")
        #expect(Figures.seconds(185.9) == "3 min 05 s")
    }

    @Test func `only all is one hundred percent`() {
        #expect(Figures.percent(0.9999) == "99 %")
        #expect(Figures.percent(1) == "100 %")
    }

    @Test func `a time is told to the second, and what is no time as it is`() {
        #expect(Figures.time("2026-03-02T12:00:07.123456Z") == "2026-03-02 12:00:07")
        #expect(Figures.time("?") == "?")
    }

    @Test func `columns are as wide as their widest cell and lines end without blanks`() {
        #expect(Columns.lines([["a", "bbb", "c"], ["aaa", "b", ""]]) == ["a    bbb  c", "aaa  b"])
    }

    @Test func `what a shell reads is quoted where it must be`() {
        #expect(LocalText.exports(["B": "it's", "A": "http://127.0.0.1:4566"]) == "export A=http://127.0.0.1:4566\nexport B='it'\\''s'")
    }
}
