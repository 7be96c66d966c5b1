/// How many items the next page of a scan asks for, so that its writes fit into a worker's time even where the table takes few.
struct PageSize: Sendable, Hashable {
    /// `nil`: as many as DynamoDB gives, 1 MB.
    private(set) var items: Int?

    /// Of a segment's first page: what a page costs isn't known yet, and one that is given up costs all of its time.
    static let first = 1_024
    /// Where writes are held up, a page that takes longer is followed by a smaller one, and one that takes less than half of it by one of twice the size.
    static let seconds = 4.0
    /// From here on the 1 MB bound it anyway, for events of the smallest size.
    private static let most = 8_192

    /// `unitsPerSecond`: an allowance of write units bounds the page from the start.
    init(items: Int?, unitsPerSecond: Double?) {
        self.items = items
        guard let rate = unitsPerSecond else { return }
        self.items = min(items ?? .max, max(1, Int((rate * Self.seconds / 2).rounded(.down))))
    }

    /// A page of `count` items was written in `seconds`.
    /// - Parameter isHeldUp: whether the table refused writes, or an allowance bounds them. A store that is slow and refuses nothing is slower still with
    ///   smaller pages: each has a cost of its own.
    mutating func took(_ seconds: Double, items count: Int, isHeldUp: Bool) {
        if isHeldUp, seconds > Self.seconds {
            items = max(1, count / 2)
        } else if !isHeldUp || seconds < Self.seconds / 2, let now = items {
            items = now * 2 > Self.most ? nil : now * 2
        }
    }

    /// A page could not be written in the time that there was. `false` where it can't be smaller.
    mutating func gaveUp() -> Bool {
        let now = items ?? Self.most
        items = max(1, now / 8)
        return now > 1
    }
}
