import Testing

@testable import EventStore

/// The decisions of pacing, without a store.
@Suite struct WriteFlowTests {
    private func writes(_ flow: inout WriteFlow, _ count: Int) -> [WriteFlow.Ticket] {
        (0..<count).map { _ in flow.send(units: 25, at: 0) }
    }

    @Test func `a table that takes everything gets ever more writers, up to the most`() {
        var flow = WriteFlow()
        var widths: [Int] = []
        for _ in 0..<40 {
            widths.append(flow.writers)
            for ticket in writes(&flow, flow.writers) { flow.taken(ticket) }
        }
        #expect(widths.prefix(8) == [2, 3, 4, 5, 6, 7, 8, 8])
        #expect(widths.last == WriteFlow.mostWriters && flow.refusals == 0)
    }

    @Test func `refusals of writes that were under way together count once`() {
        var flow = WriteFlow(writers: 8)
        for ticket in writes(&flow, 8) { flow.refused(ticket, at: 0, random: 1) }
        #expect(flow.writers == 4 && flow.refusals == 8)
        for ticket in writes(&flow, 4) { flow.refused(ticket, at: 0, random: 1) }
        #expect(flow.writers == 2)
    }

    @Test func `a success that was sent before a refusal says nothing of what the table takes now`() {
        var flow = WriteFlow(writers: 4)
        let tickets = writes(&flow, 4)
        flow.refused(tickets[0], at: 0, random: 1)
        for ticket in tickets.dropFirst() { flow.taken(ticket) }
        #expect(flow.writers == 2)
    }

    @Test func `one writer always stays, and pauses double up to five seconds while refusals go on`() {
        var flow = WriteFlow(writers: 1)
        var now = 0.0
        var pauses: [Double] = []
        for _ in 0..<9 {
            let ticket = flow.send(units: 1, at: now)
            pauses.append(ticket.startsAt - now)
            now = ticket.startsAt
            flow.refused(ticket, at: now, random: 1)
        }
        #expect(flow.writers == 1)
        let expected = [0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0]
        for (pause, wanted) in zip(pauses, expected) { #expect(abs(pause - wanted) < 1e-9) }
        flow.taken(flow.send(units: 1, at: now + 10))
        let next = flow.send(units: 1, at: now + 10)
        #expect(next.startsAt == now + 10 && next.cause == nil)
    }

    @Test func `an allowance spreads writes, lets none be saved up, and goes on where the last worker stopped`() {
        var flow = WriteFlow(unitsPerSecond: 100)
        let first = (0..<3).map { _ in flow.send(units: 25, at: 0).startsAt }
        #expect(first == [0, 0.25, 0.5])
        let waiting = flow.send(units: 25, at: 0.5)
        #expect(waiting.startsAt == 0.75 && waiting.cause == .allowance)
        // An hour of rest gives no right to a burst.
        let rested = (0..<2).map { _ in flow.send(units: 25, at: 3_600).startsAt }
        #expect(rested == [3_600, 3_600.25])
        var next = WriteFlow(unitsPerSecond: 100, allowedAt: flow.allowedAt)
        let resumed = next.send(units: 1, at: 3_600.1).startsAt
        #expect(resumed == 3_600.5)
    }

    @Test(arguments: [1.0, 7, 50, 1_000]) func `an allowance is never passed, whatever the writes are like`(rate: Double) {
        var flow = WriteFlow(unitsPerSecond: rate)
        var random = 1
        var (now, units, last) = (0.0, 0, 0)
        for _ in 0..<2_000 {
            random = (random &* 48_271) % 0x7fff_ffff
            now += Double(random % 5) / 1_000
            last = 1 + random % 400
            let ticket = flow.send(units: last, at: now)
            now = ticket.startsAt
            units += last
        }
        // What is written by now, but for the last write, had its time.
        #expect(Double(units - last) <= rate * now + 1e-6)
    }

    @Test func `pages shrink where the table refuses writes and they take long, and grow again`() {
        var size = PageSize(items: nil, unitsPerSecond: nil)
        size.took(10, items: 4_000, isHeldUp: true)
        #expect(size.items == 2_000)
        let isSmaller = size.gaveUp()
        #expect(isSmaller && size.items == 250)
        size.took(2, items: 250, isHeldUp: true)
        #expect(size.items == 250)
        for _ in 0..<5 { size.took(0.1, items: 250, isHeldUp: true) }
        #expect(size.items == 8_000)
        size.took(0.1, items: 4_000, isHeldUp: true)
        #expect(size.items == nil)
        var slow = PageSize(items: 1_024, unitsPerSecond: nil)
        for _ in 0..<4 { slow.took(60, items: 1_024, isHeldUp: false) }
        #expect(slow.items == nil)
        var one = PageSize(items: 1, unitsPerSecond: nil)
        let canShrink = one.gaveUp()
        #expect(!canShrink)
    }

    @Test func `an allowance bounds the first page already`() {
        #expect(PageSize(items: nil, unitsPerSecond: 10).items == 20)
        #expect(PageSize(items: 5, unitsPerSecond: 10).items == 5)
        #expect(PageSize(items: nil, unitsPerSecond: 0.1).items == 1)
    }
}
