/// A JSON value. Numbers keep their text, so that none loses digits.
public enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    /// - Throws: `JSONError`, with the place.
    public init(parsing bytes: [UInt8]) throws {
        self = try JSONReader.read(bytes) { try $0.json() }
    }

    /// `null` where this isn't an object or has no such member.
    public subscript(name: String) -> JSON {
        if case .object(let members) = self { members[name] ?? .null } else { .null }
    }

    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var array: [JSON]? { if case .array(let value) = self { value } else { nil } }
    public var object: [String: JSON]? { if case .object(let value) = self { value } else { nil } }
    public var double: Double? { if case .number(let value) = self { Double(value) } else { nil } }

    /// A whole number; also one written as `1.0` or `1e3`.
    public var int: Int? {
        guard case .number(let text) = self else { return nil }
        return Int(text) ?? Double(text).flatMap { Int(exactly: $0) }
    }

    public static func int(_ value: some BinaryInteger) -> JSON { .number(String(value)) }
    public static func strings(_ values: [String]) -> JSON { .array(values.map(JSON.string)) }
    public static func strings(_ values: [String: String]) -> JSON { .object(values.mapValues(JSON.string)) }

    /// Members sorted by name, no white space: equal values give equal bytes.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.json(self)
        return writer.bytes
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self = .int(value) }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }

    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
}

/// Where bytes stop being JSON, or the JSON that was expected.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    public var problem: String
    /// In bytes, from 0.
    public var offset: Int

    public var description: String { "\(problem) at byte \(offset) of the JSON" }
}

extension JSONReader {
    mutating func json() throws -> JSON {
        switch try peek() {
        case UInt8(ascii: "{"):
            var members: [String: JSON] = [:]
            try object { name, reader in members[name] = try reader.json() }
            return .object(members)
        case UInt8(ascii: "["):
            var elements: [JSON] = []
            try array { elements.append(try $0.json()) }
            return .array(elements)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool(try bool())
        case UInt8(ascii: "n"):
            try null()
            return .null
        default: return .number(try number())
        }
    }
}
