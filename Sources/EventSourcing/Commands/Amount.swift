#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A decimal amount, carried as text and never as binary floating point.
public struct Amount: Sendable, Hashable, Comparable {
    public var value: Decimal

    public init(value: Decimal) { self.value = value }

    /// Reads `"19.90"`; `nil` for signs, exponents, spaces and more than 12 digits before or 4 after the point.
    public init?(_ text: String) {
        guard text.wholeMatch(of: /[0-9]{1,12}(\.[0-9]{1,4})?/) != nil, let value = Self.decimal(text) else { return nil }
        self.value = value
    }

    /// `Decimal` alone would take `"12 apples"` for 12.
    private static func decimal(_ text: String) -> Decimal? {
        guard text.wholeMatch(of: /-?[0-9]{1,38}(\.[0-9]{1,38})?/) != nil else { return nil }
        return Decimal(string: text)
    }

    public static let zero = Amount(value: 0)
    public static func + (left: Amount, right: Amount) -> Amount { Amount(value: left.value + right.value) }
    public static func - (left: Amount, right: Amount) -> Amount { Amount(value: left.value - right.value) }
    public static func * (left: Amount, right: Int) -> Amount { Amount(value: left.value * Decimal(right)) }
    public static func < (left: Amount, right: Amount) -> Bool { left.value < right.value }

    /// At least two digits after the point: `"20.00"`, `"0.125"`.
    public var text: String {
        let plain = "\(value)"
        guard let point = plain.firstIndex(of: ".") else { return plain + ".00" }
        let digits = plain.distance(from: point, to: plain.endIndex) - 1
        return plain + String(repeating: "0", count: max(0, 2 - digits))
    }
}

extension Amount: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self.decimal(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no decimal amount")
        }
        self.init(value: value)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
