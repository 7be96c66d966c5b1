/// A DynamoDB value. Numbers are their decimal text: up to 38 significant digits, more than any machine number holds.
public enum AttributeValue: Sendable, Hashable {
    case s(String)
    case n(String)
    case b([UInt8])
    case bool(Bool)
    case null
    case l([AttributeValue])
    case m([String: AttributeValue])
    case ss([String])
    case ns([String])
    case bs([[UInt8]])
}

/// A whole item, or a key: attributes by name.
public typealias Item = [String: AttributeValue]

extension AttributeValue {
    public static func int(_ value: some BinaryInteger) -> AttributeValue { .n(String(value)) }

    public var string: String? { if case .s(let value) = self { value } else { nil } }
    public var number: String? { if case .n(let value) = self { value } else { nil } }
    public var bytes: [UInt8]? { if case .b(let value) = self { value } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var list: [AttributeValue]? { if case .l(let value) = self { value } else { nil } }
    public var map: [String: AttributeValue]? { if case .m(let value) = self { value } else { nil } }
    public var strings: [String]? { if case .ss(let value) = self { value } else { nil } }

    public var int: Int? { integer(Int.self) }

    /// The number where it is whole and fits, else nil.
    public func integer<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
        guard case .n(let text) = self else { return nil }
        return Number(text) ?? Self.plainDigits(text).flatMap { Number($0) }
    }

    /// `1.2E+3` and `120.0` as `1200` and `120`; nil for what isn't whole. Some stores answer like that.
    private static func plainDigits(_ text: String) -> String? {
        let parts = text.lowercased().split(separator: "e", omittingEmptySubsequences: false)
        guard let mantissa = parts.first, parts.count <= 2 else { return nil }
        guard let exponent = parts.count == 2 ? Int(parts[1]) : 0, abs(exponent) <= 130 else { return nil }
        let sign = mantissa.hasPrefix("-") ? "-" : ""
        let digits = mantissa.drop { $0 == "-" || $0 == "+" }
        let halves = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = halves.first, halves.count <= 2 else { return nil }
        let fraction = halves.count == 2 ? String(halves[1]) : ""
        let all = whole + fraction
        let places = whole.count + exponent
        guard places >= 0, all.allSatisfy(\.isASCIIDigit), !all.isEmpty else { return nil }
        let padded = all + String(repeating: "0", count: max(0, places - all.count))
        guard padded.dropFirst(places).allSatisfy({ $0 == "0" }) else { return nil }
        return sign + (places == 0 ? "0" : String(padded.prefix(places)))
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}

extension AttributeValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    public init(stringLiteral value: String) { self = .s(value) }
    public init(integerLiteral value: Int) { self = .int(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}
