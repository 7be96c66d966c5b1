import AWS

/// Reads the expressions that the product writes: comparisons, `attribute_exists`, `attribute_not_exists`, `begins_with`, `AND`, `OR`, `NOT`,
/// parentheses; `SET` with sums, `ADD` and `REMOVE`. Any other is an error.
struct ExpressionParser {
    private let tokens: [Substring]
    private var index = 0
    /// The names of the values that the expression mentions.
    private(set) var used = Set<String>()

    struct Malformed: Error {
        var problem: String
    }

    init(_ text: String) {
        var tokens: [Substring] = []
        var rest = text[...]
        while let character = rest.first {
            if character.isWhitespace {
                rest = rest.dropFirst()
            } else if character == "#" || character == ":" || character.isLetter || character == "_" {
                let token = rest.prefix { $0 == "#" || $0 == ":" || $0 == "_" || $0 == "." || $0.isLetter || $0.isNumber }
                tokens.append(token)
                rest = rest[token.endIndex...]
            } else {
                let length = ["<>", "<=", ">="].contains { rest.hasPrefix($0) } ? 2 : 1
                tokens.append(rest.prefix(length))
                rest = rest.dropFirst(length)
            }
        }
        self.tokens = tokens
    }

    mutating func condition() throws -> Condition {
        let condition = try disjunction()
        guard index == tokens.count else { throw Malformed(problem: "unexpected '\(tokens[index])'") }
        return condition
    }

    mutating func update() throws -> UpdateExpression {
        var update = UpdateExpression()
        while index < tokens.count {
            switch try next().uppercased() {
            case "SET": try list { update.set.append(try $0.assignment()) }
            case "ADD": try list { update.add.append((try $0.path(), try $0.operand())) }
            case "REMOVE": try list { update.remove.append(try $0.path()) }
            case let other: throw Malformed(problem: "unexpected '\(other)'")
            }
        }
        return update
    }

    private mutating func disjunction() throws -> Condition {
        var left = try conjunction()
        while take("OR") { left = .or(left, try conjunction()) }
        return left
    }

    private mutating func conjunction() throws -> Condition {
        var left = try negation()
        while take("AND") { left = .and(left, try negation()) }
        return left
    }

    private mutating func negation() throws -> Condition {
        if take("NOT") { return .not(try negation()) }
        if take("(") {
            let inner = try disjunction()
            try expect(")")
            return inner
        }
        if take("attribute_exists") { return .exists(try inParentheses { try $0.path() }) }
        if take("attribute_not_exists") { return .missing(try inParentheses { try $0.path() }) }
        if take("begins_with") {
            return try inParentheses {
                let path = try $0.path()
                try $0.expect(",")
                return .beginsWith(path, try $0.operand())
            }
        }
        let left = try operand()
        let sign = try next()
        guard let comparison = Condition.Comparison(rawValue: String(sign)) else { throw Malformed(problem: "unexpected '\(sign)'") }
        return .compare(left, comparison, try operand())
    }

    private mutating func assignment() throws -> UpdateExpression.Assignment {
        let path = try path()
        try expect("=")
        var assignment = UpdateExpression.Assignment(path: path, first: try operand())
        if take("+") {
            assignment.second = (true, try operand())
        } else if take("-") {
            assignment.second = (false, try operand())
        }
        return assignment
    }

    private mutating func operand() throws -> Operand {
        guard index < tokens.count, tokens[index].hasPrefix(":") else { return .path(try path()) }
        let name = String(try next())
        used.insert(name)
        return .value(name)
    }

    private mutating func path() throws -> [String] {
        let token = try next()
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ $0.hasPrefix("#") && $0.count > 1 }) else { throw Malformed(problem: "'\(token)' is no path") }
        return parts.map { String($0.dropFirst()) }
    }

    private mutating func list(_ element: (inout ExpressionParser) throws -> Void) throws {
        repeat { try element(&self) } while take(",")
    }

    private mutating func inParentheses<T>(_ body: (inout ExpressionParser) throws -> T) throws -> T {
        try expect("(")
        let value = try body(&self)
        try expect(")")
        return value
    }

    private mutating func next() throws -> Substring {
        guard index < tokens.count else { throw Malformed(problem: "it ends too early") }
        index += 1
        return tokens[index - 1]
    }

    private mutating func take(_ token: String) -> Bool {
        guard index < tokens.count, tokens[index] == token else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ token: String) throws {
        guard take(token) else { throw Malformed(problem: "'\(token)' is missing") }
    }
}
