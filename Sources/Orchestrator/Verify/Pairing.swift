/// A largest pairing of the elements of two lists, each with one that it is equal to (Kuhn's algorithm).
struct Pairing {
    private let areEqual: (Int, Int) -> Bool
    private let count: Int
    /// The left element that each right one is paired with.
    private var partners: [Int?]
    /// Left elements without a partner.
    private var alone: [Int] = []

    init(left: Int, right: Int, areEqual: @escaping (_ left: Int, _ right: Int) -> Bool) {
        self.areEqual = areEqual
        count = left
        partners = Array(repeating: nil, count: right)
    }

    /// - Parameter yielding: whether a pair may part for another. Where equality is transitive none has to.
    mutating func pair(yielding: Bool) {
        alone = (0..<count).filter { element in
            if let free = partners.indices.first(where: { partners[$0] == nil && areEqual(element, $0) }) {
                partners[free] = element
                return false
            }
            return true
        }
        guard yielding else { return }
        alone = alone.filter { element in
            var asked = Set<Int>()
            return !place(element, &asked)
        }
    }

    /// What has no partner, on each side.
    var leftOver: (left: [Int], right: [Int]) { (alone, partners.indices.filter { partners[$0] == nil }) }

    private mutating func place(_ element: Int, _ asked: inout Set<Int>) -> Bool {
        for candidate in partners.indices where !asked.contains(candidate) && areEqual(element, candidate) {
            asked.insert(candidate)
            if let other = partners[candidate], !place(other, &asked) { continue }
            partners[candidate] = element
            return true
        }
        return false
    }
}
