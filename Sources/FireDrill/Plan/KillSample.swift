/// Which calls of a command the tool is killed at.
enum KillSample {
    /// - Parameters:
    ///   - calls: the operations that the command asked for, in their order.
    ///   - size: how many kills; nil: at each call, at each moment.
    /// - Returns: kills in the order of the calls. A sample has each operation before it has one twice.
    static func of(_ calls: [Operation], _ size: Int?, seed: UInt64) -> [Kill] {
        let all = calls.indices.flatMap { index in Kill.Moment.allCases.map { Kill(call: index + 1, moment: $0) } }
        guard let size, size < all.count else { return all }
        var dice = Dice(seed, Dice.word("sample"))
        let byOperation = Dictionary(grouping: all) { calls[$0.call - 1] }
        var piles = byOperation.keys.sorted().map { (byOperation[$0] ?? []).shuffled(using: &dice)[...] }.shuffled(using: &dice)
        var chosen: [Kill] = []
        while chosen.count < size {
            for index in piles.indices where chosen.count < size {
                if let kill = piles[index].popFirst() { chosen.append(kill) }
            }
        }
        return chosen.sorted { ($0.call, $0.moment.rawValue) < ($1.call, $1.moment.rawValue) }
    }
}
