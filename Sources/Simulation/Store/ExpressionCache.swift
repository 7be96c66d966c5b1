import Foundation

/// Parsed expressions by their text: the product's are few.
final class ExpressionCache {
    struct Parsed<Expression> {
        var expression: Expression
        /// The names of the values that it mentions.
        var used: Set<String>
    }

    /// Parts of conditions that are read as others: a store that breaks its promises, for proving that a check notices.
    private let misreading: [(String, String)]
    private var conditions: [String: Parsed<Condition>] = [:]
    private var updates: [String: Parsed<UpdateExpression>] = [:]

    init(misreading: [(String, String)] = []) { self.misreading = misreading }

    func condition(_ text: String) throws -> Parsed<Condition> {
        if let parsed = conditions[text] { return parsed }
        var parser = ExpressionParser(misreading.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) })
        do {
            let parsed = Parsed(expression: try parser.condition(), used: parser.used)
            conditions[text] = parsed
            return parsed
        } catch let error as ExpressionParser.Malformed {
            throw MemoryStore.invalid("expression", "'\(text)': \(error.problem)")
        }
    }

    func update(_ text: String) throws -> Parsed<UpdateExpression> {
        if let parsed = updates[text] { return parsed }
        var parser = ExpressionParser(text)
        do {
            let parsed = Parsed(expression: try parser.update(), used: parser.used)
            updates[text] = parsed
            return parsed
        } catch let error as ExpressionParser.Malformed {
            throw MemoryStore.invalid("expression", "'\(text)': \(error.problem)")
        }
    }
}
