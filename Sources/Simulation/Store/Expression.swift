import AWS

/// A condition, filter or key condition, parsed.
indirect enum Condition {
    enum Comparison: String { case equal = "=", unequal = "<>", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">=" }

    case and(Condition, Condition)
    case or(Condition, Condition)
    case not(Condition)
    case exists([String])
    case missing([String])
    case beginsWith([String], Operand)
    case compare(Operand, Comparison, Operand)

    func holds(on item: Item, _ values: Item) -> Bool {
        switch self {
        case .and(let left, let right): left.holds(on: item, values) && right.holds(on: item, values)
        case .or(let left, let right): left.holds(on: item, values) || right.holds(on: item, values)
        case .not(let condition): !condition.holds(on: item, values)
        case .exists(let path): item.value(at: path) != nil
        case .missing(let path): item.value(at: path) == nil
        case .beginsWith(let path, let prefix): Self.begins(item.value(at: path), prefix.value(on: item, values))
        case .compare(let left, let comparison, let right):
            Self.compare(left.value(on: item, values), comparison, right.value(on: item, values))
        }
    }

    /// The value that a key condition asks of the hash key.
    func equal(to attribute: String, _ values: Item) -> AttributeValue? {
        switch self {
        case .and(let left, let right): left.equal(to: attribute, values) ?? right.equal(to: attribute, values)
        case .compare(.path([attribute]), .equal, let operand): operand.value(on: [:], values)
        default: nil
        }
    }

    private static func begins(_ value: AttributeValue?, _ prefix: AttributeValue?) -> Bool {
        guard let text = value?.string, let prefix = prefix?.string else { return false }
        return text.utf8.starts(with: prefix.utf8)
    }

    /// What is missing, or of another type, equals nothing and has no order.
    private static func compare(_ left: AttributeValue?, _ comparison: Comparison, _ right: AttributeValue?) -> Bool {
        guard let left, let right else { return comparison == .unequal && (left != nil || right != nil) }
        switch comparison {
        case .equal: return left.isSame(as: right)
        case .unequal: return !left.isSame(as: right)
        case .less: return left.precedes(right) ?? false
        case .greater: return right.precedes(left) ?? false
        case .lessOrEqual: return right.precedes(left).map(!) ?? false
        case .greaterOrEqual: return left.precedes(right).map(!) ?? false
        }
    }
}

/// One side of a comparison or of an assignment.
enum Operand {
    case path([String])
    case value(String)

    func value(on item: Item, _ values: Item) -> AttributeValue? {
        switch self {
        case .path(let path): item.value(at: path)
        case .value(let name): values[name] ?? values[String(name.dropFirst())]
        }
    }
}

/// An update expression, parsed.
struct UpdateExpression {
    struct Assignment {
        var path: [String]
        var first: Operand
        /// `+` or `-` and the second operand.
        var second: (isSum: Bool, operand: Operand)?
    }

    var set: [Assignment] = []
    var add: [(path: [String], operand: Operand)] = []
    var remove: [[String]] = []
}

extension AttributeValue {
    /// Numbers are equal by value, all else by content.
    func isSame(as other: AttributeValue) -> Bool {
        if self == other { return true }
        guard let left = integer(Int128.self), let right = other.integer(Int128.self) else { return false }
        return left == right
    }

    /// `nil` where the two have no order: other types, or equal ones that have none. Text is ordered by its bytes.
    func precedes(_ other: AttributeValue) -> Bool? {
        switch (self, other) {
        case (.s(let left), .s(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        case (.n, .n): integer(Int128.self).flatMap { left in other.integer(Int128.self).map { left < $0 } }
        default: nil
        }
    }
}

extension Item {
    func value(at path: [String]) -> AttributeValue? {
        guard let first = path.first, var value = self[first] else { return nil }
        for name in path.dropFirst() {
            guard let next = value.map?[name] else { return nil }
            value = next
        }
        return value
    }

    /// Sets or removes what stands at the path. `false` where a part of the way is missing.
    mutating func set(_ value: AttributeValue?, at path: ArraySlice<String>) -> Bool {
        guard let first = path.first else { return false }
        if path.count == 1 {
            self[first] = value
            return true
        }
        guard case .m(var map)? = self[first], map.set(value, at: path.dropFirst()) else { return false }
        self[first] = .m(map)
        return true
    }
}
