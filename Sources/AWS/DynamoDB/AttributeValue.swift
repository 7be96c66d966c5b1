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
    /// Texts by their bytes, as DynamoDB compares them: `String`'s own equality takes canonically equivalent ones for equal.
    public static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.s(let a), .s(let b)): a.utf8.elementsEqual(b.utf8)
        case (.n(let a), .n(let b)): a == b
        case (.b(let a), .b(let b)): a == b
        case (.bool(let a), .bool(let b)): a == b
        case (.null, .null): true
        case (.l(let a), .l(let b)): a == b
        case (.m(let a), .m(let b)): a == b
        case (.ss(let a), .ss(let b)): a.elementsEqual(b) { $0.utf8.elementsEqual($1.utf8) }
        case (.ns(let a), .ns(let b)): a == b
        case (.bs(let a), .bs(let b)): a == b
        default: false
        }
    }

    public static func int(_ value: some BinaryInteger) -> AttributeValue {
        // Only the text of the common type is made without the generic arithmetic, which takes several times as long.
        .n(Int(exactly: value).map(String.init) ?? String(value))
    }

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

extension DynamoDB {
    /// The most items of one BatchWriteItem.
    public static let itemsPerBatch = 25

    /// The bytes that an item counts for, by DynamoDB's rules: names and texts in UTF-8, about half a byte for a digit, 3 bytes and 1 an element
    /// for lists and maps.
    public static func size(of item: Item) -> Int { item.reduce(0) { $0 + $1.key.utf8.count + $1.value.size } }

    /// The write units that putting the item takes: one for each KB begun.
    public static func writeUnits(of item: Item) -> Int { max(1, (size(of: item) + 1_023) / 1_024) }

    /// As of the item. Throws `JSONError` where it is none.
    public static func writeUnits(of item: EncodedItem) throws -> Int { writeUnits(of: try item.decoded()) }
}

extension AttributeValue {
    fileprivate var size: Int {
        switch self {
        case .s(let text): text.utf8.count
        case .n(let digits): (digits.utf8.count + 1) / 2 + 1
        case .b(let bytes): bytes.count
        case .bool, .null: 1
        case .l(let values): values.reduce(3) { $0 + 1 + $1.size }
        case .m(let values): values.reduce(3) { $0 + 1 + $1.key.utf8.count + $1.value.size }
        case .ss(let texts): texts.reduce(0) { $0 + $1.utf8.count }
        case .ns(let numbers): numbers.reduce(0) { $0 + ($1.utf8.count + 1) / 2 + 1 }
        case .bs(let values): values.reduce(0) { $0 + $1.count }
        }
    }
}
