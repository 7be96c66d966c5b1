import EventSourcing
import Testing

@Suite struct CutAccountTests {
    private func totals(_ events: Int, _ digest: UInt128) -> Totals { Totals(events: events, digest: digest) }

    @Test func `equal totals are exact, whatever foreign items were set aside`() {
        let cut = totals(10, 1_000)
        #expect(CutAccount(cut: cut, read: cut, aside: .none) == .exact)
        #expect(CutAccount(cut: cut, read: cut, aside: SetAside(known: totals(2, 77), unknown: 3)) == .exact)
    }

    @Test func `events that were set aside and whose digest is known are exact with what was read`() {
        let aside = SetAside(known: totals(2, 300), unknown: 0)
        #expect(CutAccount(cut: totals(10, 1_000), read: totals(8, 700), aside: aside) == .exact)
        #expect(CutAccount(cut: totals(10, 1_000), read: totals(8, 701), aside: aside) == .differs)
        #expect(CutAccount(cut: totals(10, 1_000), read: totals(7, 700), aside: aside) == .differs)
    }

    @Test func `where a digest can't be told the count has to be explained by what was set aside`() {
        let cut = totals(10, 1_000)
        #expect(CutAccount(cut: cut, read: totals(9, 900), aside: SetAside(known: .zero, unknown: 1)) == .byCount)
        #expect(CutAccount(cut: cut, read: totals(6, 1), aside: SetAside(known: totals(3, 9), unknown: 1)) == .byCount)
        #expect(CutAccount(cut: cut, read: totals(5, 1), aside: SetAside(known: totals(3, 9), unknown: 1)) == .differs, "one is missing")
        #expect(CutAccount(cut: cut, read: totals(11, 1), aside: SetAside(known: .zero, unknown: 1)) == .differs, "one is too many")
        #expect(CutAccount(cut: cut, read: totals(10, 1), aside: SetAside(known: .zero, unknown: 1)) == .differs, "none is missing")
    }
}
