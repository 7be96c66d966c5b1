/// How long it took to compare again what some of the tail's transactions had touched.
struct RecheckPace: Sendable, Hashable {
    var entries: Int
    var seconds: Double

    /// A round of fewer says more of its calls' latency than of what one more takes.
    static let telling = 50

    /// So many are compared without further ado.
    static let few = 10

    private var isTelling: Bool { entries >= Self.telling }

    /// What is known after one more round: one of few takes nothing back that one of many has told.
    func followed(by next: RecheckPace) -> RecheckPace { isTelling && !next.isTelling ? self : next }

    /// Why as many as `count` are not compared at all within `budget`; `nil` where they may fit. A comparison that can't come to an end would
    /// let the writes wait in vain, and what it had begun would then stand in the decision's way.
    func refusal(of count: Int, within budget: Duration) -> String? {
        guard isTelling, count > Self.few else { return nil }
        let expected = seconds * Double(count) / Double(entries)
        guard expected > budget / .seconds(1) else { return nil }
        return """
            \(count) transactions came since the last round, which took \(Int(seconds * 1_000)) ms for \(entries): \
            too many for \(Int(budget / .milliseconds(1))) ms
            """
    }
}
