/// One filling of a read model: a table of its own, and cursors of its own. A deployment makes generation 0, each rebuild the next.
public struct Generation: Sendable, Hashable, Codable, Comparable {
    public var readModel: String
    public var number: Int

    public init(_ readModel: String, _ number: Int) {
        self.readModel = readModel
        self.number = number
    }

    /// `order-summary`, `order-summary.1`. No read model's name has a dot.
    public var name: String { number == 0 ? readModel : "\(readModel).\(number)" }

    public static func < (left: Generation, right: Generation) -> Bool { left.number < right.number }
}

extension ReleaseNames {
    public func table(_ generation: Generation) -> String { readModel(generation.name) }
}
